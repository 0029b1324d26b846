using Glia.Layers;

namespace Glia.Tests.Layers;

/// <summary>A layer with its settings, the shape of one sample, and shapes that it must refuse.</summary>
internal sealed record LayerRow(string Name, Func<DType, Layer> Create, Shape Sample, params Shape[] Wrong)
{
    /// <summary>A larger sample, for which kernels share the work among threads.</summary>
    public Shape? Large { get; init; }
}

/// <summary>One row per layer and notable setting. A new layer gets a row here, and every test of the harness runs on it.</summary>
internal static class LayerTable
{
    private static readonly Shape Image = (2, 5, 4);
    private static readonly Shape LargeImage = (2, 60, 61);

    public static IReadOnlyDictionary<string, LayerRow> Rows { get; } = All().ToDictionary(r => r.Name);

    public static TheoryData<string> Names => [.. Rows.Keys];

    private static IEnumerable<LayerRow> All() =>
    [
        new("Dense", t => new Dense(3, 4, dtype: t), 3, 4, (3, 2)),
        new("Dense no bias", t => new Dense(3, 4, useBias: false, dtype: t), 3, 2),
        new("Dense over sequences", t => new Dense(3, 4, dtype: t), (2, 3), (2, 4)) { Large = (5_000, 3) },
        new("Conv2D", t => new Conv2D(2, 3, 3, dtype: t), Image, (3, 5, 4), (2, 5), (2, 2, 2)) { Large = LargeImage },
        new("Conv2D grouped", t => new Conv2D(2, 4, (3, 2), new() { Groups = 2, Stride = (2, 1), Padding = 1, Dilation = (1, 2), UseBias = false }, t), Image, (4, 5, 4)) { Large = LargeImage },
        new("MaxPool2D", _ => new MaxPool2D(2), Image, (2, 1, 1), (5, 4)) { Large = LargeImage },
        new("MaxPool2D padded", _ => new MaxPool2D(3, 2, 1, ceilMode: true), Image, 5) { Large = LargeImage },
        new("AvgPool2D", _ => new AvgPool2D((2, 3)), Image, (2, 1, 1), (5, 4)) { Large = LargeImage },
        new("AvgPool2D inside", _ => new AvgPool2D(3, 2, 1, ceilMode: true, countIncludePad: false), Image, 5) { Large = LargeImage },
        new("GlobalAvgPool2D", _ => new GlobalAvgPool2D(), Image, (5, 4)) { Large = LargeImage },
        new("Flatten", _ => new Flatten(), Image),
        new("Dropout", _ => new Dropout(0.3), 5) { Large = 20_011 },
        new("BatchNorm", t => new BatchNorm(3, decay: 0.8, epsilon: 1e-3, dtype: t), 3, 4, Shape.Scalar),
        new("BatchNorm of images", t => new BatchNorm(2, dtype: t), Image, (3, 5, 4)) { Large = LargeImage },
        new("ReLU", _ => new ReLU(), 5) { Large = 20_011 },
        new("ELU", _ => new ELU(0.7), 5) { Large = 20_011 },
        new("GELU", _ => new GELU(), 5) { Large = 20_011 },
        new("GELU by tanh", _ => new GELU(approximate: true), 5) { Large = 20_011 },
        new("GLU", _ => new GLU(), 4, 3, Shape.Scalar) { Large = 20_012 },
        new("HardSigmoid", _ => new HardSigmoid(), 5) { Large = 20_011 },
        new("HardSwish", _ => new HardSwish(), 5) { Large = 20_011 },
        new("HardTanh", _ => new HardTanh(-0.8, 1.1), 5) { Large = 20_011 },
        new("LogSigmoid", _ => new LogSigmoid(), 5) { Large = 20_011 },
        new("LogSoftmax", _ => new LogSoftmax(), 5, Shape.Scalar) { Large = 20_011 },
        new("Mish", _ => new Mish(), 5) { Large = 20_011 },
        new("PReLU", t => new PReLU(dtype: t), 5) { Large = 20_011 },
        new("PReLU per channel", t => new PReLU(2, initial: 0.1, t), Image, (3, 5, 4)) { Large = LargeImage },
        new("ReLU6", _ => new ReLU6(), 5) { Large = 20_011 },
        new("SELU", _ => new SELU(), 5) { Large = 20_011 },
        new("Softsign", _ => new Softsign(), 5) { Large = 20_011 },
        new("LeakyReLU", _ => new LeakyReLU(0.2), 5) { Large = 20_011 },
        new("Sigmoid", _ => new Sigmoid(), 5) { Large = 20_011 },
        new("Tanh", _ => new Tanh(), 5) { Large = 20_011 },
        new("Softplus", _ => new Softplus(), 5) { Large = 20_011 },
        new("Swish", _ => new Swish(), 5) { Large = 20_011 },
        new("Softmax", _ => new Softmax(), 5, Shape.Scalar) { Large = 20_011 },
        new("SequentialNetwork", Sequential, Image, (2, 5, 5), (5, 4)),
    ];

    private static SequentialNetwork Sequential(DType dtype) => Network.Input(Image.Sizes)
        .Add(new Conv2D(2, 3, 2, dtype: dtype)).Add(new BatchNorm(3, dtype: dtype)).ReLU()
        .Flatten().Dropout(0.2).Add(new Dense(36, 4, dtype: dtype)).Tanh().Add(new Dense(4, 2, dtype: dtype))
        .Build(seed: 3);
}
