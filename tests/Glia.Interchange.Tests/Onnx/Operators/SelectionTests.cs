namespace Glia.Interchange.Tests.Onnx.Operators;

public class SelectionTests
{
    // Neighbours that a 64-bit floating-point number does not tell apart.
    private const long Even = 1L << 53, Odd = Even + 1;

    [Fact]
    public void NonZero_OfOneNumber_HasNoRow()
    {
        Assert.Equal(new Shape(0, 1), new NodeCheck("NonZero", 13).Input(Tensor.From([5f], Shape.Scalar)).Output(OnnxElementType.Int64).Run()[0].Shape);
        Assert.Equal(new Shape(0, 0), new NodeCheck("NonZero", 13).Input(Tensor.From([0f], Shape.Scalar)).Output(OnnxElementType.Int64).Run()[0].Shape);
        new NodeCheck("NonZero", 13).Input(Tensor.From([0f, 2, 3, 0], new Shape(2, 2))).Output(OnnxElementType.Int64).AgreesWithRuntime();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(-1)]
    public void UniqueSlices_AreOrderedByTheirElementsInOrder(int axis)
    {
        Unique(Tensor.From([0f, 0, 2, 1, 1, 2, 0, 0], new Shape(2, 2, 2)), OnnxElementType.Float, ("axis", axis)).AgreesWithRuntime();
        Unique(Tensor.From([2f, 1, 2, 0, 1, 0, 3, 1, 3, 0, 0, 0], new Shape(2, 2, 3)), OnnxElementType.Float, ("axis", axis)).AgreesWithRuntime();
    }

    [Fact]
    public void UniqueLongNumbers_AreToldApart() => Unique(Tensor.From([Odd, Even, Odd, long.MaxValue, long.MaxValue - 1, long.MinValue]), OnnxElementType.Int64).AgreesWithRuntime();

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void LargestAndSmallestLongNumbers_AreToldApart(int largest) => new NodeCheck("TopK", 11, ("largest", largest))
        .Input(Tensor.From([Even, Odd, Even + 3, Even + 2, long.MinValue, long.MinValue + 1])).Input(Tensor.From([3L])).Output(OnnxElementType.Int64).Output(OnnxElementType.Int64)
        .AgreesWithRuntime();

    [Theory]
    [InlineData(1, new[] { float.NaN, 2, 1, 0, -1, -2 })]
    [InlineData(0, new[] { -2, -1, 0, 1, 2, float.NaN })]
    public void NotANumber_CountsAsTheLargest(int largest, float[] expected) => Assert.Equal(
        expected,
        new NodeCheck("TopK", 11, ("largest", largest)).Input(Tensor.From([1, float.NaN, -2, 2, -0f, -1])).Input(Tensor.From([6L])).Output(OnnxElementType.Float).Output(OnnxElementType.Int64)
            .Run()[0].ToArray<float>());

    private static NodeCheck Unique(Tensor x, OnnxElementType type, params (string, object)[] attributes) =>
        new NodeCheck("Unique", 11, attributes).Input(x).Output(type).Output(OnnxElementType.Int64).Output(OnnxElementType.Int64).Output(OnnxElementType.Int64);
}
