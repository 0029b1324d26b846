namespace Glia.Interchange.Tests.Onnx.Operators;

public class ElementwiseTests
{
    [Theory]
    [InlineData("Abs", new[] { 9007199254740993, 3, long.MinValue })]
    [InlineData("Neg", new[] { 9007199254740993, -3, long.MinValue })]
    public void WholeNumbers_KeepEveryBit(string opType, long[] expected) => new NodeCheck(opType, 13)
        .Input(Tensor.From([-9007199254740993, 3, long.MinValue])).Output(OnnxElementType.Int64).AgreesWithRuntime().Gives(Tensor.From(expected));

    [Theory]
    [InlineData("Abs", new[] { -128, 5 })]
    [InlineData("Neg", new[] { -128, 5 })]
    public void NarrowWholeNumbers_StayInTheirType(string opType, int[] expected) => new NodeCheck(opType, 13)
        .Input(Tensor.From([-128, -5]), OnnxElementType.Int8).Output(OnnxElementType.Int8).AgreesWithRuntime().Gives(Tensor.From(expected));

    [Theory]
    [InlineData(7, OnnxElementType.Float)]
    [InlineData(9, OnnxElementType.Float)]
    [InlineData(10, OnnxElementType.Bool)]
    public void MaskOfDropout_IsOfTheInputsType_UpToVersion9(int opset, OnnxElementType type)
    {
        var check = new NodeCheck("Dropout", opset).Input(Tensor.From([1f, 2])).Output(OnnxElementType.Float).Output(type);

        Assert.Equal(check.OfRuntime()[1].DType, check.Run()[1].DType);
        Assert.Equal([1, 1], check.Run()[1].To(DType.Float32).ToArray<float>());
    }

    [Theory]
    [InlineData(9, DType.Float32)]
    [InlineData(10, DType.Bool)]
    public void MaskOfDropoutInTraining_SaysWhatIsKept(int opset, DType type)
    {
        var module = new OnnxFile(opset).Input("x", OnnxElementType.Float, 100).Node("Dropout", ["x"], ["y", "mask"]).Output("mask", OnnxElementType.Bool).Module();

        var mask = module.Forward(Tensor.Ones(100), Glia.Layers.ForwardContext.Training(new Rng(3)));

        Assert.Equal(type, mask.DType);
        Assert.InRange(mask.To(DType.Float32).Sum().Item(), 20, 80);
    }

    [Fact]
    public void Asinh_HasNoOverflow() => new NodeCheck("Asinh", 9)
        .Input(Tensor.From([0, -0f, 1e-6f, -1e-6f, 0.5f, -3, 1e4f, 1e9f, 1.1e9f, -1e10f, 1e20f, -1e20f, 3e38f, float.PositiveInfinity, float.NegativeInfinity, float.NaN]))
        .Output(OnnxElementType.Float).AgreesWithRuntime(0.01);

    [Fact]
    public void Acosh_HasNoOverflow() => new NodeCheck("Acosh", 9)
        .Input(Tensor.From([1, 1.00001f, 1.0001f, 1.5f, 1e4f, 1e9f, 1.1e9f, 1e20f, 3e38f, float.PositiveInfinity, 0.5f, float.NaN])).Output(OnnxElementType.Float).AgreesWithRuntime(0.01);

    [Theory]
    [InlineData("Asinh", new[] { 0f, 0.5f, -2, 1e5f, 1e15f, -1e25f }, 1)]
    [InlineData("Acosh", new[] { 1.5f, 1e5f, 1e15f, 1e25f }, -1)]
    public void SlopesOfTheInverseHyperbolicFunctions_AreRight(string opType, float[] at, int sign)
    {
        var module = new OnnxFile().Input("x", OnnxElementType.Float, at.Length).Node(opType, ["x"], ["y"]).Output("y").Module();
        var x = Tensor.From(at);
        x.RequiresGrad = true;

        module.Forward(x, Glia.Layers.ForwardContext.Inference).Sum().Backward();

        for (var i = 0; i < at.Length; i++)
            Assert.Equal(1, x.Grad![i] * Math.Sqrt(((double)at[i] * at[i]) + sign), 4);
    }
}
