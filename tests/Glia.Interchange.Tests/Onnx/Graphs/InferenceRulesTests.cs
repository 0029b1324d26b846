namespace Glia.Interchange.Tests.Onnx.Graphs;

public class InferenceRulesTests
{
    [Fact]
    public void TransposedProductOfWholeNumbers_IsThatOfItsNodes() => Same(
        new OnnxFile(13).Input("a", OnnxElementType.Int32, 2, 2).Input("b", OnnxElementType.Int32, 2, 2).Node("Transpose", ["b"], ["t"], ("perm", new[] { 1, 0 })).Node("MatMul", ["a", "t"], ["y"]));

    [Fact]
    public void SumsOfWholeNumbers_OverflowBeforeTheirNegativePartIsCut() => Same(
        new OnnxFile(14).Input("a", OnnxElementType.Int32, 2, 2).Input("b", OnnxElementType.Int32, 2, 2).Node("Add", ["a", "b"], ["s"]).Node("Relu", ["s"], ["y"]));

    private static void Same(OnnxFile file)
    {
        var module = file.Output("y", OnnxElementType.Int32).Module();
        var inputs = new Dictionary<string, Tensor> { ["a"] = Tensor.From([1, 2, 3, int.MaxValue], new Shape(2, 2)), ["b"] = Tensor.From([1, -5, 3, 4], new Shape(2, 2)) };

        Assert.Equal(module.Run(inputs)["y"].ToArray<int>(), new OnnxPredictor(module).Run(inputs)["y"].ToArray<int>());
    }
}
