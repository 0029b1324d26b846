namespace Glia.Interchange.Tests.Onnx.Operators;

public class MovementTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(0, 1)]
    [InlineData(2, 0)]
    public void PaddingOfLongNumbers_KeepsEveryBit(long before, long after) => new NodeCheck("Pad", 13)
        .Input(Tensor.From([1L, 2, 3, 4], new Shape(2, 2))).Input(Tensor.From([before, 1, after, -1])).Input(Tensor.From([(1L << 53) + 1], Shape.Scalar)).Output(OnnxElementType.Int64).AgreesWithRuntime();
}
