using System.Globalization;
using Glia.Layers;
using Glia.Optimizers;
using Xunit.Abstractions;

namespace Glia.Interchange.Tests.Weights;

/// <summary>
/// Networks that PyTorch trained give the same outputs in Glia. <c>tests/pytorch/run.sh</c> runs this on new files, and gives those that Glia writes here back to PyTorch.
/// </summary>
public class PyTorchExchangeTests(ITestOutputHelper output)
{
    private const double RelativeTolerance = 1e-4;
    private const double AbsoluteTolerance = 1e-5;

    private static readonly string? Out = Environment.GetEnvironmentVariable("GLIA_PYTORCH_OUT");

    /// <summary>A recurrent layer, and a dense one on its last output.</summary>
    private sealed class Last : Module
    {
        private readonly Layer[] _layers;

        public Last(params Layer[] layers)
        {
            _layers = layers;
            for (var i = 0; i < layers.Length; i++)
                Add(i == layers.Length - 1 ? "fc" : layers.Length == 2 ? "rnn" : $"rnn{i + 1}", layers[i]);
        }

        public override Tensor Forward(Tensor input, ForwardContext context) => _layers.Aggregate(input, (x, layer) => layer.Forward(x, context));
    }

    private sealed class Attention : Module
    {
        private readonly MultiHeadAttention _attention;

        public Attention() => _attention = Add("attn", new MultiHeadAttention(8, 2));

        public override Tensor Forward(Tensor input, ForwardContext context) => _attention.Forward(input, context);
    }

    private sealed class Words : Module
    {
        private readonly Layer[] _layers;
        private readonly Dense _output;

        public Words()
        {
            _layers = [Add("embedding", new Embedding(11, 8)), Add("encoder", new TransformerEncoder(8, 2, 16, 2, new() { Dropout = 0 })), Add("norm", new LayerNorm(8))];
            _output = Add("fc", new Dense(8, 3));
        }

        public override Tensor Forward(Tensor input, ForwardContext context) =>
            _output.Forward(_layers.Aggregate(input, (x, layer) => layer.Forward(x, context)).Mean([1]), context);
    }

    private static Module Create(string name) => name switch
    {
        "mlp" => Network.Input(4).Dense(8, name: "fc1").ReLU().Dense(3, name: "fc2").Build(),
        "cnn" => Network.Input(1, 8, 8).Conv2D(4, 3, padding: 1, name: "conv1").BatchNorm(name: "bn1").ReLU().MaxPool2D(2)
            .Conv2D(4, 3, new Conv2DOptions { UseBias = false }, "conv2").BatchNorm(name: "bn2").ReLU().Flatten().Dense(3, name: "fc").Build(),
        "rnn" => new Last(new SimpleRnn(3, 5), new Dense(5, 2)),
        "lstm" => new Last(new Lstm(3, 5), new Dense(5, 2)),
        "gru" => new Last(new Gru(3, 5), new Dense(5, 2)),
        "bilstm" => new Last(new Bidirectional(new Lstm(3, 4)), new Dense(8, 2)),
        "stack" => new Last(new Gru(3, 4, new() { ReturnSequences = true }), new Gru(4, 4), new Dense(4, 2)),
        "attention" => new Attention(),
        _ => new Words(),
    };

    private static readonly WeightMap Stack = new() { ["rnn.l0.*"] = "rnn1.*", ["rnn.l1.*"] = "rnn2.*" };

    [Theory]
    [InlineData("mlp", "mlp.pt", null)]
    [InlineData("mlp", "mlp.old.pt", null)]
    [InlineData("mlp", "mlp.checkpoint.pt", null)]
    [InlineData("mlp", "mlp.checkpoint.pt", "model")]
    [InlineData("cnn", "cnn.pt", null)]
    [InlineData("rnn", "rnn.pt", null)]
    [InlineData("lstm", "lstm.pt", null)]
    [InlineData("gru", "gru.pt", null)]
    [InlineData("bilstm", "bilstm.pt", null)]
    [InlineData("stack", "stack.pt", null)]
    [InlineData("attention", "attention.pt", null)]
    [InlineData("words", "words.pt", null)]
    public void WeightsOfPyTorch_GiveItsOutputs(string name, string file, string? part)
    {
        using var io = WeightFile.Open(TestData.PathOf($"{name}.io.npz"));
        var module = Create(name);
        var result = module.LoadWeights(TestData.PathOf(file), new() { Part = part, Map = name == "stack" ? Stack : null });
        Assert.Equal(module.StateDict().Keys, result.Loaded.Select(l => l.Name));
        Assert.All(result.LeftOut, n => Assert.EndsWith("num_batches_tracked", n, StringComparison.Ordinal));

        var y = module.Predict(io.ReadTensor("input"));
        Compare(file, io.ReadTensor("output"), y);
        if (Out is not null && file == $"{name}.pt" && name != "stack")
            TrainAndWrite(name, module, io);
    }

    [Fact]
    public void WeightsWrittenUnderPyTorchNames_AreThoseThatWereRead()
    {
        foreach (var name in (string[])["mlp", "cnn", "rnn", "lstm", "gru", "bilstm", "attention", "words"])
        {
            var (module, again) = (Create(name), Create(name));
            module.LoadWeights(TestData.PathOf($"{name}.pt"));
            using var folder = new TemporaryFolder();
            var path = Path.Combine(folder.Path, "w.safetensors");
            module.SaveWeights(path, WeightNames.PyTorch);
            using var theirs = WeightFile.Open(TestData.PathOf($"{name}.pt"));
            using var ours = WeightFile.Open(path);
            Assert.Equal(theirs.Entries.Select(e => e.ToString()).Order(StringComparer.Ordinal), ours.Entries.Select(e => e.ToString()).Order(StringComparer.Ordinal));
            again.LoadWeights(path);
            Assert.All(module.StateDict(), s => Assert.Equal(s.Value.ToArray<float>(), again.StateDict()[s.Key].ToArray<float>()));
        }
    }

    [Fact]
    public void HalfWeightsOfAWrappedModel_AreLoaded()
    {
        var (half, whole) = (Create("mlp"), Create("mlp"));
        half.LoadWeights(TestData.PathOf("mlp.half.pth"));
        whole.LoadWeights(TestData.PathOf("mlp.pt"));
        foreach (var (name, tensor) in whole.StateDict())
            Assert.Equal(tensor.ToArray<float>().Select(v => (float)(Half)v), half.StateDict()[name].ToArray<float>());
    }

    private void Compare(string what, Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var (e, a) = (expected.ToArray<float>(), actual.ToArray<float>());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-24} largest difference {e.Zip(a, (x, y) => Math.Abs((double)x - y)).Max():e2}"));
        for (var i = 0; i < e.Length; i++)
            Assert.True(Math.Abs((double)e[i] - a[i]) <= AbsoluteTolerance + (RelativeTolerance * Math.Abs(e[i])), $"{what} {i}: {e[i]} {a[i]}");
    }

    private static void TrainAndWrite(string name, Module module, WeightFile io)
    {
        var (x, target) = (io.ReadTensor("input"), io.ReadTensor("target"));
        var optimizer = new Adam(0.01).Attach(module.Parameters);
        for (var step = 0; step < 20; step++)
        {
            module.ZeroGrad();
            Loss.MeanSquaredError.Compute(module.Forward(x, ForwardContext.Training(new Rng((ulong)step))), target).Backward();
            optimizer.Step();
        }
        ModuleWeights.Save(new Dictionary<string, Tensor> { ["input"] = x, ["output"] = module.Predict(x) }, Path.Combine(Out!, $"{name}.io.npz"));
        module.SaveWeights(Path.Combine(Out!, $"{name}.safetensors"), WeightNames.PyTorch);
        module.SaveWeights(Path.Combine(Out!, $"{name}.npz"), WeightNames.PyTorch);
        if (name != "mlp")
            return;
        var f32 = Tensor.From<float>([1.5f, -2, 3, 4, 5, 6], (2, 3));
        ModuleWeights.Save(
            new Dictionary<string, Tensor>
            {
                ["f32"] = f32,
                ["f64"] = Tensor.From<double>([1e300]),
                ["i32"] = Tensor.From<int>([-70000]),
                ["i64"] = Tensor.From<long>([-(1L << 62)]),
                ["bool"] = Tensor.From<bool>([true, false]),
                ["scalar"] = Tensor.Scalar(2.5),
                ["empty"] = Tensor.Zeros((0, 3)),
            },
            Path.Combine(Out!, "kinds.npz"));
        NpzWriter.SaveArray(Path.Combine(Out!, "array.npy"), f32);
    }
}
