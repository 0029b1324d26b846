namespace Glia.Interchange.Tests.Onnx.Operators;

public class ScatteringTests
{
    [Theory]
    [InlineData("add")]
    [InlineData("mul")]
    [InlineData("max")]
    [InlineData("min")]
    public void CombinedWholeNumbers_StayInTheirType(string reduction)
    {
        new NodeCheck("ScatterElements", 18, ("reduction", reduction)).Input(Tensor.From([200, 3, 9]), OnnxElementType.UInt8).Input(Tensor.From([0L, 1, 0]))
            .Input(Tensor.From([100, 4, 100]), OnnxElementType.UInt8).Output(OnnxElementType.UInt8).AgreesWithRuntime();
        new NodeCheck("ScatterND", 18, ("reduction", reduction)).Input(Tensor.From([int.MaxValue, 65537])).Input(Tensor.From([0L, 1], new Shape(2, 1))).Input(Tensor.From([2, 65537]))
            .Output(OnnxElementType.Int32).AgreesWithRuntime();
        new NodeCheck("ScatterND", 18, ("reduction", reduction)).Input(Tensor.From([long.MaxValue, 3])).Input(Tensor.From([0L, 1], new Shape(2, 1))).Input(Tensor.From([2L, -65537]))
            .Output(OnnxElementType.Int64).AgreesWithRuntime();
    }
}
