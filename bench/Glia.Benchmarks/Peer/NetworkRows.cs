using System.Globalization;
using Glia.Layers;
using Glia.Models;
using static Glia.Benchmarks.Peer.PeerModules;
using static TorchSharp.torch.nn;
using PeerModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Glia.Benchmarks.Peer;

/// <summary>Whole networks: a step of training, and inference.</summary>
internal static class NetworkRows
{
    public static IEnumerable<Func<Row>> All()
    {
        yield return () => Mlp([4, 16, 3], 16, adam: false, goal: 30);
        yield return () => Mlp([13, 64, 32, 1], 32, adam: true, goal: 15);
        yield return () => Mlp([784, 300, 100, 10], 32, adam: false, goal: 1.3);
        yield return () => Mlp([784, 512, 256, 10], 128, adam: true, goal: 1.15);
        yield return () => Mlp([1024, 1024, 1024, 1024, 10], 256, adam: true, goal: 1.1);
        yield return () => Train("LeNet-5", LeNet5.Create(seed: 1), PeerLeNet, Images(64, 1, 28), 64, goal: 2.5);
        yield return () => Vgg(32, 32, goal: 1.5);
        yield return () => Recurrent("simple RNN", 50, 32, 64, 32, goal: 3);
        yield return () => Recurrent("LSTM", 50, 32, 64, 32, goal: 1.5);
        yield return () => Recurrent("LSTM", 100, 64, 256, 32, goal: 1.3);
        yield return () => Recurrent("GRU", 100, 64, 128, 64, goal: 1.5);
        yield return () => Infer("MLP 784-300-100-10", MlpNetwork([784, 300, 100, 10]), () => PeerMlp([784, 300, 100, 10]), Normal(1, 784), goal: 2);
        yield return () => Infer("LeNet-5", LeNet5.Create(seed: 1), PeerLeNet, Images(1, 1, 28), goal: 5);
        yield return () => Infer("small VGG", VggNetwork(32), () => PeerVgg(32), Images(1, 3, 32), goal: 1.5);
        yield return () => Infer("LSTM T 100, 64→256", RecurrentNetwork("LSTM", 100, 64, 256), () => new Recurrent("LSTM", 64, 256, 10), Normal(1, 100, 64), goal: 1.2);
        yield return () => Infer("ResNet-18 224²", ResNet.Create18(seed: 1), ResNet18, Images(1, 3, 224), goal: 1);
        yield return () => Train("depthwise-separable block, 64 × 32²", Separable(), PeerSeparable, Images(16, 64, 32), 16, goal: 1);
        yield return () => Train("Conv1D text, T 200", TextNetwork(), () => new TextConv(5000, 64, 128, 2), Words(32, 200, 5000), 32, goal: 1, classes: 2);
        yield return () => Train("LayerNorm + attention, T 128 d 256", Attention(), PeerAttention, Normal(16, 128, 256), 16, goal: 1);
        yield return LanguageModelRow;
        yield return () => Train("tiny Transformer, T 8 d 16", TinyTransformer(), () => Chain(new EncoderLayer(16, 2, 32), Flatten(), Linear(128, 10)), Normal(4, 8, 16), 4, goal: 5);
    }

    /// <summary>Rows of a shape of one's own, such as <c>mlp:20-50-50-4,64,adam</c>, <c>lstm:30,16,48,8</c> (steps, features, units, batch).</summary>
    public static Func<Row>? Parse(string text)
    {
        var (kind, rest) = text.Split(':') is [var first, var second] ? (first.ToUpperInvariant(), second.Split(',')) : ("", []);
        return (kind, rest) switch
        {
            ("MLP", [var sizes, var batch, var optimizer]) => () => Mlp([.. sizes.Split('-').Select(Number)], Number(batch), optimizer == "adam", 1),
            ("RNN" or "LSTM" or "GRU", [var steps, var features, var units, var batch]) => () =>
                Recurrent(kind == "RNN" ? "simple RNN" : kind, Number(steps), Number(features), Number(units), Number(batch), 1),
            ("LENET", [var batch]) => () => Train("LeNet-5", LeNet5.Create(seed: 1), PeerLeNet, Images(Number(batch), 1, 28), Number(batch), goal: 1),
            ("VGG", [var batch]) => () => Vgg(Number(batch), 32, 1),
            ("VGG", [var batch, var size]) => () => Vgg(Number(batch), Number(size), 1),
            _ => null,
        };

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    private static TrainingRow Mlp(int[] sizes, int batch, bool adam, double goal) =>
        Train($"MLP {string.Join('-', sizes)}", MlpNetwork(sizes), () => PeerMlp(sizes), Normal(batch, sizes[0]), batch, goal, adam, classes: sizes[^1]);

    private static TrainingRow Recurrent(string kind, int steps, int features, int units, int batch, double goal) => Train(
        $"{kind}, T {steps}, {features}→{units}", RecurrentNetwork(kind, steps, features, units), () => new Recurrent(kind, features, units, 10), Normal(batch, steps, features), batch, goal);

    private static TrainingRow LanguageModelRow()
    {
        var network = Network.Input(64).Embedding(96, 64).Lstm(128, returnSequences: true).Dense(96).Build(1);
        var row = new TrainingRow(
            "train embedding + LSTM language model, T 64, batch 32, Adam",
            network,
            () => new Recurrent("LSTM", 64, 128, 96, every: true, Embedding(96, 64)),
            Words(32, 64, 96),
            Words(32, 64, 96),
            adam: true)
        { Goal = 1, Flops = 3 * 32 * Work.ForwardFlops(network) };
        return row;
    }

    private static TrainingRow Train(string name, SequentialNetwork network, Func<PeerModule> peer, Tensor input, int batch, double goal, bool adam = true, int classes = 10)
    {
        var target = classes == 1 ? Normal(batch, 1) : Tensor.From([.. Enumerable.Range(0, batch).Select(i => (long)(i * 7 % classes))]);
        return new($"train {name}, batch {batch}, {(adam ? "Adam" : "SGD")}", network, peer, input, target, adam)
        {
            Goal = goal,
            Flops = (3 * Work.ForwardFlops(network) - Work.FirstLayerFlops(network)) * batch,
        };
    }

    private static InferenceRow Infer(string name, SequentialNetwork network, Func<PeerModule> peer, Tensor input, double goal) => new($"infer {name}, batch {input.Shape[0]}", network, peer, input)
    {
        Goal = goal,
        Flops = Work.ForwardFlops(network) * input.Shape[0],
        Bytes = 4.0 * Work.WeightReads(network),
        Footprint = 4.0 * network.ParameterCount,
    };

    private static SequentialNetwork MlpNetwork(int[] sizes)
    {
        var network = Network.Input(sizes[0]);
        foreach (var units in sizes[1..^1])
            network.Dense(units).ReLU();
        return network.Dense(sizes[^1]).Build(1);
    }

    private static PeerModule PeerMlp(int[] sizes)
    {
        var modules = new List<PeerModule>();
        for (var i = 1; i < sizes.Length; i++)
        {
            modules.Add(Linear(sizes[i - 1], sizes[i]));
            if (i < sizes.Length - 1)
                modules.Add(ReLU());
        }
        return Chain([.. modules]);
    }

    private static PeerModule PeerLeNet() => Chain(
        Conv2d(1, 6, 5L, padding: 2L), ReLU(), MaxPool2d(2), Conv2d(6, 16, 5L), ReLU(), MaxPool2d(2), Flatten(),
        Linear(400, 120), ReLU(), Linear(120, 84), ReLU(), Linear(84, 10));

    private static TrainingRow Vgg(int batch, int size, double goal) =>
        Train(size == 32 ? "small VGG" : $"small VGG {size}²", VggNetwork(size), () => PeerVgg(size), Images(batch, 3, size), batch, goal);

    private static SequentialNetwork VggNetwork(int size) => Network.Input(3, size, size)
        .Conv2D(32, 3, padding: 1).ReLU().Conv2D(32, 3, padding: 1).ReLU().MaxPool2D(2)
        .Conv2D(64, 3, padding: 1).ReLU().Conv2D(64, 3, padding: 1).ReLU().MaxPool2D(2)
        .Flatten().Dense(128).ReLU().Dense(10).Build(1);

    private static PeerModule PeerVgg(int size) => Chain(
        Conv2d(3, 32, 3L, padding: 1L), ReLU(), Conv2d(32, 32, 3L, padding: 1L), ReLU(), MaxPool2d(2),
        Conv2d(32, 64, 3L, padding: 1L), ReLU(), Conv2d(64, 64, 3L, padding: 1L), ReLU(), MaxPool2d(2),
        Flatten(), Linear(4 * size * size, 128), ReLU(), Linear(128, 10));

    private static SequentialNetwork RecurrentNetwork(string kind, int steps, int features, int units)
    {
        var input = Network.Input(steps, features);
        return (kind switch { "LSTM" => input.Lstm(units), "GRU" => input.Gru(units), _ => input.SimpleRnn(units) }).Dense(10).Build(1);
    }

    private static SequentialNetwork Separable() => Network.Input(64, 32, 32)
        .DepthwiseConv2D(3, options: new() { Padding = 1, UseBias = false }).BatchNorm().ReLU()
        .Conv2D(128, 1, new Conv2DOptions { UseBias = false }).BatchNorm().ReLU()
        .GlobalAvgPool2D().Flatten().Dense(10).Build(1);

    private static PeerModule PeerSeparable() => Chain(
        Conv2d(64, 64, 3L, padding: 1L, groups: 64, bias: false), BatchNorm2d(64), ReLU(),
        Conv2d(64, 128, 1L, bias: false), BatchNorm2d(128), ReLU(),
        AdaptiveAvgPool2d(1), Flatten(), Linear(128, 10));

    private static SequentialNetwork TextNetwork() => Network.Input(200).Embedding(5000, 64).Add(new FeaturesFirst()).Conv1D(128, 5, padding: 2).ReLU().Add(new MaxOverTime()).Dense(2).Build(1);

    private static SequentialNetwork Attention() => Network.Input(128, 256)
        .Residual(body => body.LayerNorm(axes: 1).MultiHeadAttention(8)).Add(new MeanOverTime()).Dense(10).Build(1);

    private static SequentialNetwork TinyTransformer() => Network.Input(8, 16).TransformerEncoder(2, 32, options: new() { Dropout = 0 }).Flatten().Dense(10).Build(1);

    private static PeerModule PeerAttention() => Chain(new AttentionBlock(256, 8), new Mean(), Linear(256, 10));

    private static Tensor Images(int batch, int channels, int size) => Normal(batch, channels, size, size);

    private static Tensor Normal(params ReadOnlySpan<int> sizes) => Tensor.Normal(new Rng(7), new Shape(sizes)).Clone();

    private static Tensor Words(int batch, int steps, int count)
    {
        var rng = new Rng(5);
        return Tensor.From([.. Enumerable.Range(0, batch * steps).Select(_ => (long)rng.NextInt(count))], (batch, steps));
    }
}
