namespace Glia.Interchange.Tests.Onnx.Operators;

public class PoolingTests
{
    /// <summary>MaxPool's text rounds VALID down whatever ceil_mode says; ONNX Runtime, like Glia, rounds up.</summary>
    [Theory]
    [InlineData(4, 3, 2)]
    [InlineData(5, 2, 2)]
    [InlineData(3, 2, 3)]
    [InlineData(7, 2, 4)]
    public void WindowsWithoutPadding_HangOverTheEnd_AsTheyDoInOnnxRuntime(int size, int kernel, int stride)
    {
        foreach (var (opType, opset) in ((string, int)[])[("MaxPool", 12), ("AveragePool", 19), ("LpPool", 18)])
        {
            new NodeCheck(opType, opset, ("auto_pad", "VALID"), ("ceil_mode", 1), ("kernel_shape", new[] { kernel }), ("strides", new[] { stride }))
                .Input(Tensor.From([.. Enumerable.Range(1, size).Select(i => (float)i)], new Shape(1, 1, size))).Output(OnnxElementType.Float).AgreesWithRuntime(0.1);
        }
    }
}
