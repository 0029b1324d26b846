namespace Glia.Interchange.Tests.Onnx.Operators;

public class NormalizationsTests
{
    [Fact]
    public void OneValuePerChannel_IsNormalisedToTheShift() => new NodeCheck("BatchNormalization", 15, ("training_mode", 1))
        .Input(Tensor.From([3f, 4], new Shape(1, 2))).Input(Tensor.From([2f, 2])).Input(Tensor.From([0.5f, 0.25f])).Input(Tensor.From([0f, 0])).Input(Tensor.From([1f, 1]))
        .Output(OnnxElementType.Float).Output(OnnxElementType.Float).Output(OnnxElementType.Float).AgreesWithRuntime(0.1);
}
