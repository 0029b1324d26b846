namespace Glia.Interchange.Tests.Onnx.Operators;

public class ProductsTests
{
    private const long Odd = (1L << 53) + 1;

    [Fact]
    public void ProductsOfWholeNumbers_AreExact_AndOverflow()
    {
        MatMul(Tensor.From([Odd, 2], new Shape(1, 2)), Tensor.From([1L, 1], new Shape(2, 1)), OnnxElementType.Int64).Gives(Tensor.From([Odd + 2], new Shape(1, 1)));
        MatMul(Tensor.From([int.MaxValue, 1], new Shape(1, 2)), Tensor.From([1, 1], new Shape(2, 1)), OnnxElementType.Int32).Gives(Tensor.From([int.MinValue], new Shape(1, 1)));
        new NodeCheck("MatMul", 13).Input(Tensor.From([uint.MaxValue, 1L], new Shape(1, 2)), OnnxElementType.UInt32).Input(Tensor.From([1L, 2], new Shape(2, 1)), OnnxElementType.UInt32)
            .Output(OnnxElementType.UInt32).AgreesWithRuntime().Gives(Tensor.From([1L], new Shape(1, 1)));
    }

    [Theory]
    [InlineData(new[] { 3, 4 }, new[] { 4, 2 })]
    [InlineData(new[] { 4 }, new[] { 4 })]
    [InlineData(new[] { 4 }, new[] { 4, 2 })]
    [InlineData(new[] { 3, 4 }, new[] { 4 })]
    [InlineData(new[] { 2, 1, 3, 4 }, new[] { 5, 4, 2 })]
    [InlineData(new[] { 4 }, new[] { 2, 4, 3 })]
    [InlineData(new[] { 2, 0 }, new[] { 0, 3 })]
    public void ProductsOfWholeNumbers_HaveTheShapesOfMatrixProducts(int[] a, int[] b) => MatMul(Numbers(a), Numbers(b), OnnxElementType.Int32);

    [Fact]
    public void WholeMatrices_ThatDoNotFit_AreRefused() =>
        Assert.Contains("node 'myMatMul' (MatMul, opset 13): MatMul", new NodeCheck("MatMul", 13).Input(Numbers([2, 3])).Input(Numbers([2, 3])).Output(OnnxElementType.Int32).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void GemmOfWholeNumbers_IsExact_AndOverflows()
    {
        new NodeCheck("Gemm", 13).Input(Tensor.From([int.MaxValue, 1], new Shape(1, 2))).Input(Tensor.From([1, 1], new Shape(2, 1))).Output(OnnxElementType.Int32)
            .Gives(Tensor.From([int.MinValue], new Shape(1, 1)));
        new NodeCheck("Gemm", 13, ("transA", 1), ("transB", 1)).Input(Tensor.From([Odd, 2], new Shape(2, 1))).Input(Tensor.From([1L, 1], new Shape(1, 2))).Input(Tensor.From([4L]))
            .Output(OnnxElementType.Int64).Gives(Tensor.From([Odd + 6], new Shape(1, 1)));
        new NodeCheck("Gemm", 13, ("alpha", 0.5f), ("beta", 2f)).Input(Tensor.From([3, 5], new Shape(1, 2))).Input(Tensor.From([1, 1], new Shape(2, 1))).Input(Tensor.From([4]))
            .Output(OnnxElementType.Int32).Gives(Tensor.From([12], new Shape(1, 1)));
    }

    [Fact]
    public void EinsumOfWholeNumbers_IsExact() => new NodeCheck("Einsum", 12, ("equation", "ij,jk->k"))
        .Input(Tensor.From([Odd, 2, 0, 0], new Shape(2, 2))).Input(Tensor.From([1L, 0, 1, 1], new Shape(2, 2))).Output(OnnxElementType.Int64).Gives(Tensor.From([Odd + 2, 2]));

    private static NodeCheck MatMul(Tensor a, Tensor b, OnnxElementType type) => new NodeCheck("MatMul", 13).Input(a).Input(b).Output(type).AgreesWithRuntime();

    private static Tensor Numbers(int[] sizes)
    {
        var shape = new Shape(sizes);
        return Tensor.From([.. Enumerable.Range(0, shape.Count).Select(i => (i * 7 % 11) - 5)], shape);
    }
}
