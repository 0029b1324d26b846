using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange.Tests.Onnx;

/// <summary>What Glia does not have, and what no file may hold, is refused before anything runs, with the node, its operator and version.</summary>
public class OnnxRefusalTests
{
    [Fact]
    public void EverythingThatIsMissing_IsListedOnce()
    {
        var file = new OnnxFile(13).Input("x", OnnxElementType.Float, 2, 3).Input("s", OnnxElementType.String, 1)
            .Node("StringNormalizer", ["s"], ["t"]).Node("SequenceConstruct", ["x"], ["q"]).Node("SequenceConstruct", ["x"], ["q2"])
            .Node("Resize", ["x"], ["r"], ("mode", "spline")).Node("Relu", ["r"], ["y"], ("slope", 2f)).Output("y");
        file.Graph.Nodes.Add(OnnxFile.NodeOf("FusedGelu", ["x"], ["f"]));
        file.Graph.Nodes[^1].Domain = "com.example";

        var model = file.Read();
        var error = Assert.Throws<OnnxException>(() => model.ToModule());

        Assert.Equal(
            [
                "input 's': element type String is not supported",
                "node 'myStringNormalizer' (StringNormalizer, opset 13): operator StringNormalizer is not supported",
                "node 'mySequenceConstruct' (SequenceConstruct, opset 13) and 1 more: operator SequenceConstruct is not supported",
                "node 'myResize' (Resize, opset 13): Resize: mode = 'spline' is not supported; nearest, linear, cubic are",
                "node 'myRelu' (Relu, opset 13): Relu: attribute 'slope' is not supported",
                "node 'myFusedGelu' (com.example.FusedGelu, opset 0): operator FusedGelu of domain 'com.example' is not supported",
            ],
            error.Missing);
        Assert.Equal(model.Missing, error.Missing);
        Assert.Equal($"test.onnx: it needs what Glia does not have: {string.Join("; ", error.Missing)}.", error.Message);
    }

    [Theory]
    [InlineData(23, "version 23 of ONNX's operators is not supported; 1 to 22 are")]
    [InlineData(0, "version 0 of ONNX's operators is not supported; 1 to 22 are")]
    public void VersionsThatAreNotUnderstood_AreRefused(int opset, string expected) =>
        Assert.Contains(expected, Relu(opset).Read().Missing[0], StringComparison.Ordinal);

    [Fact]
    public void OperatorOfALaterVersion_IsRefused() => Assert.Equal(
        ["node 'myMish' (Mish, opset 17): operator Mish belongs to versions from 18 on"],
        new OnnxFile(17).Input("x", OnnxElementType.Float, 2).Node("Mish", ["x"], ["y"]).Output("y").Read().Missing);

    [Fact]
    public void OperatorInABranch_IsFound()
    {
        var branch = new GraphProto { Name = "then" };
        branch.Nodes.Add(OnnxFile.NodeOf("Optional", ["x"], ["o"]));
        branch.Outputs.Add(new ValueInfoProto { Name = "o" });
        var file = new OnnxFile().Input("x", OnnxElementType.Float, 2).Input("c", OnnxElementType.Bool).Node("If", ["c"], ["y"], ("then_branch", branch), ("else_branch", branch)).Output("y");

        Assert.Equal(["node 'myOptional' (Optional, opset 17) and 1 more: operator Optional is not supported"], file.Read().Missing);
    }

    [Fact]
    public void Graphs_ThatAreNoOrderOfComputation_AreRefused()
    {
        Refused(new OnnxFile().Input("x", OnnxElementType.Float, 2).Node("Add", ["x", "b"], ["a"]).Node("Relu", ["a"], ["b"]).Output("b"), "node 'myAdd' (Add, opset 17): its input 'b' is not computed by any node before it; nodes must be in order, without cycles");
        Refused(new OnnxFile().Input("x", OnnxElementType.Float, 2).Node("Relu", ["x"], ["x"]).Output("x"), "node 'myRelu' (Relu, opset 17): its output 'x' has a name that is taken");
        Refused(new OnnxFile().Input("x", OnnxElementType.Float, 2).Input("x", OnnxElementType.Float, 2).Node("Relu", ["x"], ["y"]).Output("y"), "the input 'x' has no name, or one that is taken");
        Refused(new OnnxFile().Input("x", OnnxElementType.Float, 2).Weight("w", Tensor.Ones(2)).Weight("w", Tensor.Ones(2)).Node("Relu", ["x"], ["y"]).Output("y"), "the initial value 'w' has no name, or one that is taken");
        Refused(new OnnxFile().Input("x", OnnxElementType.Float, 2).Node("Relu", ["x"], ["y"]).Output("z"), "the output 'z' is not computed by any node");
        Refused(new OnnxFile().Input("x", OnnxElementType.Float, 2).Node("Add", ["x"], ["y"]).Output("y"), "node 'myAdd' (Add, opset 17): it takes 2 inputs but has 1");
        Refused(new OnnxFile().Input("x", OnnxElementType.Float, 2).Node("Flatten", ["x"], ["y"], ("axis", 1), ("axis", 1)).Output("y"), "the attribute 'axis' is given twice");
    }

    [Fact]
    public void FileWithoutGraph_IsRefused() => Assert.Contains("it has no graph", Assert.Throws<OnnxException>(() => OnnxModel.Read(Array.Empty<byte>())).Message, StringComparison.Ordinal);

    [Fact]
    public void Inputs_AreComparedWithWhatTheModelSays()
    {
        var module = new OnnxFile().Input("x", OnnxElementType.Float, "N", 3).Input("i", OnnxElementType.Int64, 2).Node("Gather", ["x", "i"], ["y"], ("axis", 1)).Output("y").Module();
        var x = Tensor.Ones((4, 3));
        var indices = Tensor.From<long>([0, -1]);

        Assert.Equal((4, 2), module.Run(new Dictionary<string, Tensor> { ["x"] = x, ["i"] = indices })["y"].Shape);
        Assert.Contains("input 'i' is missing", Assert.Throws<ArgumentException>(() => module.Run(new Dictionary<string, Tensor> { ["x"] = x })).Message, StringComparison.Ordinal);
        Assert.Contains("no input 'j'", Assert.Throws<ArgumentException>(() => module.Run(new Dictionary<string, Tensor> { ["x"] = x, ["i"] = indices, ["j"] = x })).Message, StringComparison.Ordinal);
        Assert.Contains("expects Int64 but got Float32", Assert.Throws<ArgumentException>(() => module.Run(new Dictionary<string, Tensor> { ["x"] = x, ["i"] = x })).Message, StringComparison.Ordinal);
        Assert.Contains("(N, 3)", Assert.Throws<ShapeException>(() => module.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Ones((4, 2)), ["i"] = indices })).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => module.Predict(x));
        Assert.Contains("node 'myGather' (Gather, opset 17): index 3 is out of range", Assert.Throws<OnnxException>(() => module.Run(new Dictionary<string, Tensor> { ["x"] = x, ["i"] = Tensor.From<long>([0, 3]) })).Message, StringComparison.Ordinal);
    }

    private static OnnxFile Relu(int opset) => new OnnxFile(opset).Input("x", OnnxElementType.Float, 2).Node("Relu", ["x"], ["y"]).Output("y");

    private static void Refused(OnnxFile file, string expected) =>
        Assert.Contains(expected, Assert.Throws<OnnxException>(() => file.Read()).Message, StringComparison.Ordinal);
}
