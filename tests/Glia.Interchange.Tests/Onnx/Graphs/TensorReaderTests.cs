namespace Glia.Interchange.Tests.Onnx.Graphs;

public class TensorReaderTests
{
    [Fact]
    public void UnsignedNumbersThatNoTensorHolds_AreRefusedByName()
    {
        Assert.Equal(long.MaxValue, Constant(long.MaxValue).Module().Run(new Dictionary<string, Tensor> { ["x"] = Tensor.From([0L]) })["y"].ToArray<long>()[0]);
        Assert.Contains("tensor 'big' holds unsigned numbers above 9223372036854775807", Assert.Throws<OnnxException>(() => Constant(-1).Read()).Message, StringComparison.Ordinal);
    }

    private static OnnxFile Constant(long bits)
    {
        var file = new OnnxFile().Input("x", OnnxElementType.UInt64, 1).Weight("big", Tensor.From([bits])).Node("Max", ["x", "big"], ["y"]).Output("y", OnnxElementType.UInt64);
        file.Graph.Initializers[0].Type = OnnxElementType.UInt64;
        return file;
    }
}
