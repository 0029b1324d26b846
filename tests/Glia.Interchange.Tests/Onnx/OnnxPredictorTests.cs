using Glia.Interchange.Tests.Onnx.Export;

namespace Glia.Interchange.Tests.Onnx;

/// <summary>What a predictor makes of a graph is what the graph says, as the module computes it node by node.</summary>
public class OnnxPredictorTests
{
    [Theory]
    [InlineData("RNN", 1, false)]
    [InlineData("GRU", 3, true)]
    [InlineData("LSTM", 4, true)]
    public void SequencesWithoutSteps_AreZeros(string opType, int gates, bool isBidirectional)
    {
        var (directions, hidden) = (isBidirectional ? 2 : 1, 3);
        var rng = new Rng(1);
        var file = new OnnxFile().Input("x", OnnxElementType.Float, "time", "batch", 2).Input("lengths", OnnxElementType.Int32, "batch").Input("h", OnnxElementType.Float, directions, "batch", hidden)
            .Weight("w", Tensor.Normal(rng, (directions, gates * hidden, 2))).Weight("r", Tensor.Normal(rng, (directions, gates * hidden, hidden)))
            .Weight("b", Tensor.Normal(rng, (directions, 2 * gates * hidden)));
        (string, object)[] attributes = [("hidden_size", hidden), ("direction", isBidirectional ? "bidirectional" : "forward"), .. opType == "GRU" ? [("linear_before_reset", (object)1)] : Array.Empty<(string, object)>()];
        file.Node(opType, ["x", "w", "r", "b", "lengths", "h"], ["y", "last", .. opType == "LSTM" ? new[] { "cell" } : []], attributes).Output("y").Output("last");
        if (opType == "LSTM")
            file.Output("cell");
        var predictor = new OnnxPredictor(file.Module());
        var inputs = new Dictionary<string, Tensor>
        {
            ["x"] = Tensor.Normal(rng, (4, 3, 2)), ["h"] = Tensor.Normal(rng, (directions, 3, hidden)),
        };
        // The recorded work of one batch must not be that of another with other lengths.
        foreach (var lengths in (int[][])[[1, 2, 3], [0, 4, 2], [4, 0, 0]])
        {
            inputs["lengths"] = Tensor.From(lengths);
            var expected = OnnxRuntime.Run(file.ToBytes(), [.. inputs.Select(i => (i.Key, i.Value))]);
            AlikeInRuntime(file, inputs, expected);
            Alike(expected, predictor.Run(inputs), "again");
        }

        var nothing = new Dictionary<string, Tensor>(inputs) { ["x"] = Tensor.Zeros((0, 3, 2)), ["lengths"] = Tensor.From([0, 0, 0]) };
        AlikeInRuntime(file, nothing, new Dictionary<string, Tensor> { ["y"] = Tensor.Zeros((0, directions, 3, hidden)), ["last"] = inputs["h"] });
    }

    [Fact]
    public void TurnedWholeNumbers_AreMultiplied()
    {
        var file = new OnnxFile().Input("a", OnnxElementType.Int32, 3, 2).Input("b", OnnxElementType.Int32, 3, 2)
            .Node("Transpose", ["a"], ["t"], ("perm", new[] { 1, 0 })).Node("MatMul", ["t", "b"], ["y"]).Output("y", OnnxElementType.Int32);
        var inputs = new Dictionary<string, Tensor> { ["a"] = Tensor.From([1, 2, 3, 4, 5, 6], (3, 2)), ["b"] = Tensor.From([1, 0, 0, 1, 1, 1], (3, 2)) };
        AlikeInRuntime(file, inputs, new Dictionary<string, Tensor> { ["y"] = Tensor.From([6, 8, 8, 10], (2, 2)) });
    }

    [Fact]
    public void NumbersWithAxes_AddThemToTheResult()
    {
        var file = new OnnxFile().Input("x", OnnxElementType.Float, 3).Weight("half", Tensor.From([0.5f], (1, 1, 1))).Weight("one", Tensor.Scalar(1f)).Weight("root", Tensor.Scalar(MathF.Sqrt(2)))
            .Node("Div", ["x", "root"], ["d"]).Node("Erf", ["d"], ["e"]).Node("Add", ["e", "one"], ["s"]).Node("Mul", ["x", "s"], ["p"]).Node("Mul", ["p", "half"], ["y"]).Output("y");
        var x = Tensor.From([-1f, 0.5f, 2f]);
        var inputs = new Dictionary<string, Tensor> { ["x"] = x };
        AlikeInRuntime(file, inputs, OnnxRuntime.Run(file.ToBytes(), ("x", x)));
    }

    private static void AlikeInRuntime(OnnxFile file, Dictionary<string, Tensor> inputs, IReadOnlyDictionary<string, Tensor> expected)
    {
        var module = file.Module();
        Alike(expected, module.Run(inputs), "node by node");
        Alike(expected, new OnnxPredictor(module).Run(inputs), "as a whole");
    }

    private static void Alike(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> actual, string how)
    {
        foreach (var (name, tensor) in expected)
            OnnxRuntime.Close(tensor, actual[name], $"{name}, {how}");
    }
}
