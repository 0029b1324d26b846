namespace Glia.Interchange.Tests.Onnx.Operators;

public class ResizingTests
{
    [Theory]
    [InlineData(10, 0.7f)]
    [InlineData(10, 0.1f)]
    [InlineData(10, 0.3f)]
    [InlineData(100, 0.29f)]
    [InlineData(1000, 0.001f)]
    [InlineData(3, 1.3333334f)]
    [InlineData(30, 1.1f)]
    [InlineData(9, 1.4444444f)]
    public void SizesFromScales_AreThoseOf32BitNumbers(int size, float scale)
    {
        var x = Tensor.From([.. Enumerable.Range(0, size).Select(i => (float)i)], new Shape(1, 1, size));
        foreach (var mode in (string[])["nearest", "linear"])
        {
            new NodeCheck("Resize", 13, ("mode", mode)).Input(x).Without().Constant(Tensor.From([1, 1, scale])).Output(OnnxElementType.Float).AgreesWithRuntime(1);
            if (scale > 1 && mode == "nearest")
                new NodeCheck("Upsample", 9, ("mode", mode)).Input(x).Constant(Tensor.From([1, 1, scale])).Output(OnnxElementType.Float).AgreesWithRuntime(1);
        }
    }
}
