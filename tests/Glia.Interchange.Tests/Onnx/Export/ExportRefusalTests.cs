using Glia.Layers;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>What a file could not say is refused with all of it named, before anything is written.</summary>
public class ExportRefusalTests
{
    [Fact]
    public void NumberReadByTheProgram_IsRefused()
    {
        var error = Refused(new Computation(x => x.Mean().Item() > 0 ? x : -x), 3);
        Assert.Contains("a number computed by Mean is read by the program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RandomNumbers_AreRefused()
    {
        var draws = 0ul;
        var error = Refused(new Computation(x => x + Tensor.Normal(new Rng(draws++), 3)), 3);
        Assert.Contains("operation Add: numbers that it takes are made by the program, and are others each time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoopOverTheBatch_IsRefused_AndWorksWithAFixedBatch()
    {
        var module = new Computation(x => Tensor.Concat(0, [.. Enumerable.Range(0, x.Shape[0]).Select(i => x.Slice(0, i, 1) * 2)]));
        Assert.Contains("export with a fixed batch", Refused(module, 3).Message, StringComparison.Ordinal);

        var x = Tensor.Normal(new Rng(1), (2, 3));
        var export = OnnxExport.Of(module, 3, options: new() { BatchName = null, FixedBatch = 2 });
        OnnxRuntime.Close(module.Predict(x), OnnxRuntime.Run(export.ToArray(), ("input", x))["output"], "loop");
    }

    [Fact]
    public void NumberFromTheSizeOfTheBatch_IsRefused()
    {
        var error = Refused(new Computation(x => x * (1.0 / x.Shape[0])), 3);
        Assert.Contains("operation Scale: a number in it follows from the size of the input", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoopOverTime_FixesTheNumberOfSteps_AndSaysSo()
    {
        var module = new Computation(x => Tensor.Concat(1, [.. Enumerable.Range(0, x.Shape[1]).Select(t => x.Slice(1, t, 1) * 2)]));
        var export = ExportCheck.Holds("loop over time", module, (3, 2), freeSequence: false);
        Assert.StartsWith("The number of steps is fixed: ", Assert.Single(export.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void StatefulLayer_IsRefusedByName()
    {
        var network = Network.Input(4, 3).Lstm(5, options: new() { Stateful = true }, name: "memory").Dense(2).Build(seed: 1);
        var error = Assert.Throws<OnnxException>(() => OnnxExport.Of(network));
        Assert.Contains("layer 'memory', Lstm keeps its state from one call to the next", error.Message, StringComparison.Ordinal);
        Assert.Single(error.Missing);
    }

    [Fact]
    public void EverythingThatIsRefused_IsInOneMessage()
    {
        var module = new Parts();
        var error = Assert.Throws<OnnxException>(() => OnnxExport.Of(module, 3));
        Assert.Equal(2, error.Missing.Count);
        Assert.Contains("layer 'first', operation Scale: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("layer 'second', operation Offset: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LengthsOfSequences_AreRefused()
    {
        var lstm = new Lstm(3, 4);
        var error = Assert.Throws<OnnxException>(() => OnnxExport.Of(
            lstm, [new("x", (5, 3)), new("lengths", Shape.Scalar, DType.Int64) { Below = 2 }],
            x => [lstm.Forward(x[0], ForwardContext.Inference.WithLengths((x[1].To(DType.Float32) + 1).To(DType.Int64)))], ["y"]));
        Assert.Contains("is read by the program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TakenName_IsRefused()
    {
        var network = Network.Input(3).Dense(2, name: "output").Build(seed: 1);
        Assert.Equal(
            "The inputs and outputs of an export need names of their own, but 'output.bias' is taken. Choose another.",
            Assert.Throws<ArgumentException>(() => OnnxExport.Of(network, new() { OutputName = "output.bias" })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxExport.Of(network, new() { OperatorSet = 16 }));
    }

    private static OnnxException Refused(Module module, Shape sample) => Assert.Throws<OnnxException>(() => OnnxExport.Of(module, sample));

    private sealed class Computation(Func<Tensor, Tensor> compute) : Module
    {
        public override Tensor Forward(Tensor input, ForwardContext context) => compute(input);
    }

    private sealed class Parts : Module
    {
        private readonly Computation _first, _second;

        public Parts()
        {
            _first = Add("first", new Computation(x => x * x.Shape[0]));
            _second = Add("second", new Computation(x => x + x.Shape[0]));
        }

        public override Tensor Forward(Tensor input, ForwardContext context) =>
            context.Gather(_second, _second.Forward(context.Gather(_first, _first.Forward(input, context)), context));
    }
}
