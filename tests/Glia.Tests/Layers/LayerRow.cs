using Glia.Layers;

namespace Glia.Tests.Layers;

/// <summary>A layer with its settings, the shape of one sample, and shapes that it must refuse.</summary>
internal sealed record LayerRow(string Name, Func<DType, Layer> Create, Shape Sample, params Shape[] Wrong)
{
    /// <summary>A larger sample, for which kernels share the work among threads.</summary>
    public Shape? Large { get; init; }

    /// <summary>For a layer that takes indices: what they are below.</summary>
    public int? IndicesBelow { get; init; }
}

/// <summary>One row per layer and notable setting. A new layer gets a row here, and every test of the harness runs on it.</summary>
internal static class LayerTable
{
    private static readonly Shape Image = (2, 5, 4);
    private static readonly Shape LargeImage = (2, 60, 61);
    private static readonly Shape Sequence = (2, 7);
    private static readonly Shape LongSequence = (2, 4_001);
    private static readonly Shape Volume = (2, 2, 3, 3);
    private static readonly Shape LargeVolume = (2, 9, 21, 22);

    public static IReadOnlyDictionary<string, LayerRow> Rows { get; } = All().ToDictionary(r => r.Name);

    public static TheoryData<string> Names => [.. Rows.Keys];

    private static IEnumerable<LayerRow> All() =>
    [
        new("Dense", t => new Dense(3, 4, dtype: t), 3, 4, (3, 2)),
        new("Dense no bias", t => new Dense(3, 4, useBias: false, dtype: t), 3, 2),
        new("Dense over sequences", t => new Dense(3, 4, dtype: t), (2, 3), (2, 4)) { Large = (5_000, 3) },
        new("Conv2D", t => new Conv2D(2, 3, 3, dtype: t), Image, (3, 5, 4), (2, 5), (2, 2, 2)) { Large = LargeImage },
        new("Conv2D grouped", t => new Conv2D(2, 4, (3, 2), new() { Groups = 2, Stride = (2, 1), Padding = 1, Dilation = (1, 2), UseBias = false }, t), Image, (4, 5, 4)) { Large = LargeImage },
        new("Conv2D same", t => new Conv2D(2, 2, (2, 3), new() { Padding = Padding.Same, Stride = 2 }, t), Image, (3, 5, 4)) { Large = LargeImage },
        new("Conv2D sides", t => new Conv2D(2, 2, 2, new() { Padding = Padding.Sides((1, 0), (0, 2)) }, t), Image, (3, 5, 4)) { Large = LargeImage },
        new("Conv1D", t => new Conv1D(2, 3, 3, new() { Padding = Padding.Sides((2, 0)), Dilation = 2 }, t), Sequence, (3, 7), (2, 7, 1), (2, 2)) { Large = LongSequence },
        new("Conv3D", t => new Conv3D(2, 2, (2, 1, 2), new() { Stride = (1, 2, 1), Padding = (0, 0, 1) }, t), Volume, (2, 3, 3), (3, 2, 3, 3), (2, 1, 3, 3)) { Large = LargeVolume },
        new("ConvTranspose1D", t => new ConvTranspose1D(2, 3, 3, new() { Stride = 2, Padding = 1 }, outputPadding: 1, t), Sequence, (3, 7), (2, 7, 1)) { Large = LongSequence },
        new("ConvTranspose2D", t => new ConvTranspose2D(2, 4, (3, 2), new() { Stride = (2, 1), Groups = 2, Dilation = (1, 3) }, (1, 0), t), Image, (3, 5, 4), (2, 5)) { Large = (2, 30, 31) },
        new("ConvTranspose2D shrinking", t => new ConvTranspose2D(2, 1, 1, new() { Padding = 1, UseBias = false }, dtype: t), Image, (2, 2, 5)) { Large = LargeImage },
        new("ConvTranspose3D", t => new ConvTranspose3D(2, 1, 2, dtype: t), Volume, (2, 3, 3)) { Large = LargeVolume },
        new("DepthwiseConv2D", t => new DepthwiseConv2D(2, 3, depthMultiplier: 2, new() { Padding = 1 }, t), Image, (3, 5, 4)) { Large = LargeImage },
        new("SeparableConv2D", t => new SeparableConv2D(2, 3, 3, depthMultiplier: 2, new() { Padding = 1, Stride = 2 }, t), Image, (3, 5, 4), (5, 4)) { Large = LargeImage },
        new("MaxPool1D", _ => new MaxPool1D(3, 2, 1), Sequence, (2, 1, 7), (2, 0)) { Large = LongSequence },
        new("MaxPool3D", _ => new MaxPool3D((1, 2, 2)), Volume, (2, 3, 3), (2, 2, 3, 1)) { Large = LargeVolume },
        new("MaxPool2D dilated", _ => new MaxPool2D(2, 1, dilation: (3, 2)), Image, (2, 3, 3)) { Large = LargeImage },
        new("AvgPool1D", _ => new AvgPool1D(3, 2, 1), Sequence, (2, 1, 7), (2, 0)) { Large = LongSequence },
        new("AvgPool3D", _ => new AvgPool3D((1, 2, 2), stride: 1), Volume, (2, 3, 3), (2, 2, 3, 1)) { Large = LargeVolume },
        new("GlobalAvgPool1D", _ => new GlobalAvgPool1D(), Sequence, 7, (2, 0)) { Large = LongSequence },
        new("GlobalAvgPool3D", _ => new GlobalAvgPool3D(), Volume, (2, 3, 3)) { Large = LargeVolume },
        new("GlobalMaxPool1D", _ => new GlobalMaxPool1D(), Sequence, 7, (2, 0)) { Large = LongSequence },
        new("GlobalMaxPool2D", _ => new GlobalMaxPool2D(), Image, (5, 4), (2, 0, 4)) { Large = LargeImage },
        new("GlobalMaxPool3D", _ => new GlobalMaxPool3D(), Volume, (2, 3, 3)) { Large = LargeVolume },
        new("AdaptiveAvgPool1D", _ => new AdaptiveAvgPool1D(3), Sequence, 7, (2, 0)) { Large = LongSequence },
        new("AdaptiveAvgPool2D", _ => new AdaptiveAvgPool2D((3, 2)), Image, (5, 4), (2, 0, 4)) { Large = LargeImage },
        new("AdaptiveAvgPool2D even", _ => new AdaptiveAvgPool2D((1, 2)), Image, (5, 4)) { Large = (2, 60, 62) },
        new("AdaptiveAvgPool3D", _ => new AdaptiveAvgPool3D((1, 2, 2)), Volume, (2, 3, 3)) { Large = LargeVolume },
        new("AdaptiveMaxPool1D", _ => new AdaptiveMaxPool1D(3), Sequence, 7, (2, 0)) { Large = LongSequence },
        new("AdaptiveMaxPool2D", _ => new AdaptiveMaxPool2D((3, 2)), Image, (5, 4), (2, 0, 4)) { Large = LargeImage },
        new("AdaptiveMaxPool2D finer", _ => new AdaptiveMaxPool2D(6), Image, (5, 4)) { Large = LargeImage },
        new("AdaptiveMaxPool3D even", _ => new AdaptiveMaxPool3D((2, 1, 3)), Volume, (2, 3, 3)) { Large = new(2, 8, 21, 21) },
        new("UpSample2D", _ => new UpSample2D((2, 3)), Image, (5, 4)) { Large = LargeImage },
        new("UpSample2D bilinear", _ => new UpSample2D((3, 2), Interpolation.Bilinear), Image, (5, 4)) { Large = LargeImage },
        new("ZeroPad2D", _ => new ZeroPad2D(Padding.Sides((1, 0), (0, 2))), Image, (5, 4)) { Large = LargeImage },
        new("Crop2D", _ => new Crop2D(Padding.Sides((1, 0), (1, 2))), Image, (5, 4), (2, 1, 4), (2, 5, 3)) { Large = LargeImage },
        new("MaxPool2D", _ => new MaxPool2D(2), Image, (2, 1, 1), (5, 4)) { Large = LargeImage },
        new("MaxPool2D padded", _ => new MaxPool2D(3, 2, 1, ceilMode: true), Image, 5) { Large = LargeImage },
        new("AvgPool2D", _ => new AvgPool2D((2, 3)), Image, (2, 1, 1), (5, 4)) { Large = LargeImage },
        new("AvgPool2D inside", _ => new AvgPool2D(3, 2, 1, ceilMode: true, countIncludePad: false), Image, 5) { Large = LargeImage },
        new("GlobalAvgPool2D", _ => new GlobalAvgPool2D(), Image, (5, 4)) { Large = LargeImage },
        new("Flatten", _ => new Flatten(), Image),
        new("Dropout", _ => new Dropout(0.3), 5) { Large = 20_011 },
        new("BatchNorm", t => new BatchNorm(3, decay: 0.8, epsilon: 1e-3, dtype: t), 3, 4, Shape.Scalar),
        new("BatchNorm of images", t => new BatchNorm(2, dtype: t), Image, (3, 5, 4)) { Large = LargeImage },
        new("Embedding", t => new Embedding(5, 3, dtype: t), 4) { IndicesBelow = 5, Large = 9_001 },
        new("Embedding with padding", t => new Embedding(6, 3, paddingIndex: 5, t), (2, 2)) { IndicesBelow = 5 },
        new("OneHot", t => new OneHot(5, t), 4) { IndicesBelow = 5, Large = 9_001 },
        new("LayerNorm", t => new LayerNorm(4, 1e-3, dtype: t), (2, 4), (2, 3), Shape.Scalar) { Large = (5_003, 4) },
        new("LayerNorm of images", t => new LayerNorm(Image, dtype: t), Image, (2, 5, 5), 4),
        new("LayerNorm plain", _ => new LayerNorm((5, 4), affine: false), Image, (2, 5, 5), 4) { Large = (3_001, 5, 4) },
        new("GroupNorm", t => new GroupNorm(2, 4, 1e-3, dtype: t), (4, 3), (3, 3), Shape.Scalar) { Large = (4, 12_007) },
        new("GroupNorm plain", _ => new GroupNorm(1, 2, affine: false), Image, (3, 5, 4)) { Large = LargeImage },
        new("InstanceNorm", _ => new InstanceNorm(2), Image, (3, 5, 4), 2) { Large = LargeImage },
        new("InstanceNorm affine", t => new InstanceNorm(2, affine: true, dtype: t), Sequence, (3, 7)) { Large = LongSequence },
        new("Normalization", t => new Normalization(Tensor.From([1.5, -2, 0]).To(t), Tensor.From([0.5, 2, 3]).To(t)), 3, 4, (3, 1), Shape.Scalar) { Large = (5_003, 3) },
        new("Normalization inverse", t => new Normalization(Tensor.From([1.5, -2], (2, 1, 1)).To(t), Tensor.From([0.5, 2], (2, 1, 1)).To(t), isInverse: true), Image, (3, 5, 4), 2) { Large = LargeImage },
        new("SpatialDropout", _ => new SpatialDropout(0.3), Image, Shape.Scalar) { Large = (2_003, 3, 3) },
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
        new("Identity", _ => new Identity(), 5) { Large = 20_011 },
        new("Softsign", _ => new Softsign(), 5) { Large = 20_011 },
        new("LeakyReLU", _ => new LeakyReLU(0.2), 5) { Large = 20_011 },
        new("Sigmoid", _ => new Sigmoid(), 5) { Large = 20_011 },
        new("Tanh", _ => new Tanh(), 5) { Large = 20_011 },
        new("Softplus", _ => new Softplus(), 5) { Large = 20_011 },
        new("Swish", _ => new Swish(), 5) { Large = 20_011 },
        new("Softmax", _ => new Softmax(), 5, Shape.Scalar) { Large = 20_011 },
        new("Residual", t => new Residual(new Dense(3, 3, dtype: t)), 3) { Large = (5_003, 3) },
        new("Residual with shortcut", t => new Residual(Branch(t), new Conv2D(2, 4, 1, new() { Stride = (2, 1) }, t)), Image, (2, 5, 5), (5, 4)),
        new("Branches", t => new Branches(BranchMerge.Concat, Branch(t), new MaxPool2D((3, 1), (2, 1), (1, 0))), Image, (2, 5, 5)),
        new("Branches added", t => new Branches(BranchMerge.Add, new Dense(3, 3, dtype: t), null, new Tanh()), 3),
        new("MultiHeadAttention", t => new MultiHeadAttention(4, 2, dtype: t), (3, 4), (3, 5), 4, (2, 3, 4)) { Large = (203, 4) },
        new("MultiHeadAttention causal", t => new MultiHeadAttention(4, 1, new() { Causal = true, UseBias = false, Dropout = 0.2 }, t), (3, 4), (3, 5)) { Large = (203, 4) },
        new("TransformerEncoderLayer", t => new TransformerEncoderLayer(4, 2, 5, new() { Dropout = 0 }, t), (3, 4), (3, 5), 4) { Large = (203, 4) },
        new("TransformerEncoder", t => new TransformerEncoder(4, 2, 5, 2, new() { NormFirst = true, Activation = TransformerActivation.GELU, Causal = true, Epsilon = 1e-4 }, t), (3, 4), (3, 5), 4) { Large = (203, 4) },
        new("PositionalEncoding", _ => new PositionalEncoding(), (5, 3), 3, (2, 3, 3)) { Large = (2_003, 17) },
        new("PositionalEmbedding", t => new PositionalEmbedding(4, 3, t), (3, 3), (5, 3), (3, 2), 3),
        new("TimeDistributed", t => new TimeDistributed(new Conv2D(2, 3, 2, dtype: t)), (3, 2, 4, 3), Shape.Scalar) { Large = (3, 2, 60, 61) },
        new("TimeDistributed network", t => new TimeDistributed(Branch(t)), (2, 2, 5, 4), (2, 2, 5, 5)),
        new("ConvLstm1D", t => new ConvLstm1D(2, 3, 3, dtype: t), (3, 2, 4), (3, 3, 4), (2, 4), (0, 2, 4)) { Large = (2, 2, 801) },
        new("ConvLstm1D with peepholes", t => new ConvLstm1D(1, 2, 2, true, false, 4, t), (2, 1, 4), (2, 1, 5)),
        new("ConvLstm2D", t => new ConvLstm2D(2, 2, (3, 1), returnSequences: true, peepholes: (3, 4), dtype: t), (2, 2, 3, 4), (2, 2, 4, 4), (2, 3, 3, 4)),
        new("ConvLstm2D last", t => new ConvLstm2D(2, 2, 3, dtype: t), (2, 2, 3, 4), (2, 3, 4)) { Large = (2, 2, 31, 33) },
        .. Recurrent(),
        new("SequentialNetwork", Sequential, Image, (2, 5, 5), (5, 4)),
    ];

    private static IEnumerable<LayerRow> Recurrent() =>
    [
        new("SimpleRnn", t => new SimpleRnn(3, 4, dtype: t), (4, 3), (4, 2), 3, (0, 3)) { Large = (1_001, 3) },
        new("SimpleRnn with outputs", t => new SimpleRnn(3, 4, new() { ReturnSequences = true, Outputs = 2, OutputActivation = new Sigmoid() }, t), (4, 3), (4, 2)) { Large = (1_001, 3) },
        new("SimpleRnn of GELU", t => new SimpleRnn(3, 4, new() { Activation = new GELU(), UseBias = false, RecurrentDropout = 0.3 }, t), (4, 3), (4, 2)),
        new("Lstm", t => new Lstm(3, 4, dtype: t), (4, 3), (4, 2), 3, (0, 3)) { Large = (1_001, 3) },
        new("Lstm sequences", t => new Lstm(3, 5, new() { ReturnSequences = true, UseBias = false }, t), (4, 3), (4, 2)) { Large = (1_001, 3) },
        new("Lstm with peepholes", t => new Lstm(3, 4, new() { Peephole = true, Activation = new Softsign() }, t), (4, 3), (4, 2)),
        new("Lstm normalised", t => new Lstm(3, 4, new() { LayerNorm = true, ReturnSequences = true, RecurrentDropout = 0.2 }, t), (4, 3), (4, 2)),
        new("Lstm projected", t => new Lstm(3, 4, new() { Projection = 2, Peephole = true, ReturnSequences = true, ForgetBias = 0.5 }, t), (4, 3), (4, 2)),
        new("Gru", t => new Gru(3, 4, dtype: t), (4, 3), (4, 2), 3, (0, 3)) { Large = (1_001, 3) },
        new("Gru sequences", t => new Gru(3, 5, new() { ReturnSequences = true, UseBias = false, RecurrentDropout = 0.2 }, t), (4, 3), (4, 2)),
        new("Bidirectional", t => new Bidirectional(new Lstm(3, 4, new() { ReturnSequences = true }, t)), (4, 3), (4, 2), 3, (0, 3)) { Large = (1_001, 3) },
        new("Bidirectional added", t => new Bidirectional(new Gru(3, 4, dtype: t), BranchMerge.Add), (4, 3), (4, 2)) { Large = (1_001, 3) },
    ];

    private static SequentialNetwork Branch(DType dtype) => Network.Input(Image.Sizes)
        .Add(new Conv2D(2, 4, 3, new() { Padding = 1, Stride = (2, 1) }, dtype)).Add(new BatchNorm(4, dtype: dtype)).ReLU().Build();

    private static SequentialNetwork Sequential(DType dtype) => Network.Input(Image.Sizes)
        .Add(new Conv2D(2, 3, 2, dtype: dtype)).Add(new BatchNorm(3, dtype: dtype)).ReLU()
        .Flatten().Dropout(0.2).Add(new Dense(36, 4, dtype: dtype)).Tanh().Add(new Dense(4, 2, dtype: dtype))
        .Build(seed: 3);
}
