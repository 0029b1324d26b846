using Glia.Layers;
using Glia.Models;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>Recurrent layers become RNN, LSTM and GRU where these can say what the layer does, else a Scan; the number of steps is free.</summary>
public class ExportRecurrentTests
{
    private const int Steps = 5, Features = 3, Units = 4;

    private static readonly Dictionary<string, (Func<Layer> Create, string Operator)> Rows = new(StringComparer.Ordinal)
    {
        ["SimpleRnn"] = (() => new SimpleRnn(Features, Units), "RNN"),
        ["SimpleRnn of ReLU, sequences"] = (() => new SimpleRnn(Features, Units, new() { Activation = new ReLU(), ReturnSequences = true }), "RNN"),
        ["SimpleRnn of sigmoid without bias"] = (() => new SimpleRnn(Features, Units, new() { Activation = new Sigmoid(), UseBias = false }), "RNN"),
        ["SimpleRnn of GELU"] = (() => new SimpleRnn(Features, Units, new() { Activation = new GELU(), ReturnSequences = true }), "Scan"),
        ["SimpleRnn with outputs"] = (() => new SimpleRnn(Features, Units, new() { Outputs = 2, OutputActivation = new Sigmoid() }), "RNN"),
        ["Lstm"] = (() => new Lstm(Features, Units), "LSTM"),
        ["Lstm sequences without bias"] = (() => new Lstm(Features, Units, new() { ReturnSequences = true, UseBias = false }), "LSTM"),
        ["Lstm with peepholes"] = (() => new Lstm(Features, Units, new() { ReturnSequences = true, Peephole = true }), "LSTM"),
        ["Lstm of ReLU with peepholes"] = (() => new Lstm(Features, Units, new() { Activation = new ReLU(), Peephole = true }), "LSTM"),
        ["Lstm of softsign"] = (() => new Lstm(Features, Units, new() { Activation = new Softsign() }), "Scan"),
        ["Lstm projected"] = (() => new Lstm(Features, Units, new() { Projection = 2, ReturnSequences = true }), "Scan"),
        ["Lstm normalised"] = (() => new Lstm(Features, Units, new() { LayerNorm = true }), "Scan"),
        ["Gru"] = (() => new Gru(Features, Units), "GRU"),
        ["Gru sequences without bias"] = (() => new Gru(Features, Units, new() { ReturnSequences = true, UseBias = false }), "GRU"),
        ["Bidirectional Lstm"] = (() => new Bidirectional(new Lstm(Features, Units, new() { ReturnSequences = true })), "LSTM"),
        ["Bidirectional Lstm, last"] = (() => new Bidirectional(new Lstm(Features, Units)), "LSTM"),
        ["Bidirectional Gru added"] = (() => new Bidirectional(new Gru(Features, Units, new() { ReturnSequences = true }), BranchMerge.Add), "GRU"),
        ["Bidirectional SimpleRnn"] = (() => new Bidirectional(new SimpleRnn(Features, Units, new() { ReturnSequences = true })), "RNN"),
        ["Bidirectional Lstm projected"] = (() => new Bidirectional(new Lstm(Features, Units, new() { Projection = 2, ReturnSequences = true })), "Scan"),
        ["Bidirectional Lstm normalised, last"] = (() => new Bidirectional(new Lstm(Features, Units, new() { LayerNorm = true })), "Scan"),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void RecurrentLayer_GivesTheSameForAllLengths(string name)
    {
        var (create, op) = Rows[name];
        var export = ExportCheck.Holds(name, ExportLayerTests.Trained(create()), (Steps, Features), freeSequence: true);
        Assert.Contains(op, export.ToModel().Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void LayersOf64Bits_GiveTheSame()
    {
        ExportCheck.Holds("Lstm in 64 bits", ExportLayerTests.Trained(new Lstm(Features, Units, new() { ReturnSequences = true }, DType.Float64)), (Steps, Features), freeSequence: true);
        ExportCheck.Holds("Gru in 64 bits", ExportLayerTests.Trained(new Gru(Features, Units, dtype: DType.Float64)), (Steps, Features), freeSequence: true);
        ExportCheck.Holds("projected in 64 bits", ExportLayerTests.Trained(new Lstm(Features, Units, new() { Projection = 2 }, DType.Float64)), (Steps, Features), freeSequence: true);
    }

    [Fact]
    public void StackedLayersOfOneNetwork_GiveTheSameForAllLengths()
    {
        var network = Network.Sequence(Steps, Features)
            .Lstm(6, returnSequences: true).Bidirectional(n => n.Gru(5, returnSequences: true)).LayerNorm(axes: 1).SimpleRnn(4, returnSequences: true).Dropout().Dense(3).Build(seed: 2);
        ExportCheck.Holds("stacked", network, (Steps, Features), freeSequence: true);

        var last = Network.Sequence(Steps, Features).Lstm(6, returnSequences: true, new() { Projection = 3 }).Gru(4).Dense(2).Softmax().Build(seed: 2);
        ExportCheck.Holds("stacked, last", last, (Steps, Features), freeSequence: true);
    }

    [Fact]
    public void FixedNumberOfSteps_StaysFixed()
    {
        var network = Network.Input(Steps, Features).Lstm(6).Dense(2).Build(seed: 2);
        ExportCheck.Holds("fixed", network, (Steps, Features), freeSequence: false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StateAsInputAndOutput_GivesTheSame(bool isProjected)
    {
        var lstm = ExportLayerTests.Trained(new Lstm(Features, Units, new() { Projection = isProjected ? 2 : null }));
        var size = isProjected ? 2 : Units;
        IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> x)
        {
            var run = lstm.Run(x[0], new RecurrentState(x[1], x[2]));
            return [run.Sequence, run.State.Hidden, run.State.Cell!];
        }
        var export = OnnxExport.Of(lstm, [new("x", (Steps, Features)) { SequenceName = "time" }, new("h", size), new("c", Units)], Compute, ["y", "h_next", "c_next"]);

        Assert.Equal("time", export.ToModel().Outputs[0].Sizes![1].Symbol);
        ExportCheck.Holds("state", export, [.. new[] { (1, 9), (4, 2) }.Select(s => new[] { Normal((s.Item1, s.Item2, Features)), Normal((s.Item1, size)), Normal((s.Item1, Units)) })], Compute);
    }

    [Fact]
    public void EncoderAndDecoder_HaveLengthsOfTheirOwn()
    {
        foreach (var options in (EncoderDecoderOptions[])
            [
                new() { EmbeddingSize = 5, HiddenSize = 6 },
                new() { EmbeddingSize = 5, HiddenSize = 6, Kind = RecurrentKind.Gru, IsBidirectional = false, Attention = AttentionScore.Additive },
                new() { EmbeddingSize = 5, HiddenSize = 6, Attention = null },
                new() { EmbeddingSize = 5, HiddenSize = 6, Attention = AttentionScore.General },
            ])
        {
            var model = new EncoderDecoder(9, 7, options, seed: 3);
            IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> x) => [model.Forward(x[0], x[1], ForwardContext.Inference)];
            OnnxExportInput[] inputs = [new("source", 6, DType.Int64) { SequenceName = "source_steps", Below = 9 }, new("target", 4, DType.Int64) { SequenceName = "target_steps", Below = 7 }];
            var export = OnnxExport.Of(model, inputs, Compute, ["logits"]);

            Assert.Empty(export.Notes);
            ExportCheck.Holds("encoder and decoder", export, [.. new[] { (1, 3, 8), (5, 7, 2) }.Select(s => new[] { Symbols((s.Item1, s.Item2), 9), Symbols((s.Item1, s.Item3), 7) })], Compute);
        }
    }

    private static Tensor Normal(Shape shape) => Tensor.Normal(new Rng(6), shape);

    private static Tensor Symbols(Shape shape, int below) => Tensor.From([.. Enumerable.Range(0, shape.Count).Select(i => (long)(i * 5 % below))], shape);
}
