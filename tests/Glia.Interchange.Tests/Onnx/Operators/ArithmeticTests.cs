namespace Glia.Interchange.Tests.Onnx.Operators;

public class ArithmeticTests
{
    [Fact]
    public void RemainderOfRealNumbers_ByMinusOne_IsTheFraction() => new NodeCheck("Mod", 13, ("fmod", 1))
        .Input(Tensor.From([5.5f, -5.5f, float.NaN, 3])).Input(Tensor.From([-1f, -1, -1, 0])).Output(OnnxElementType.Float)
        .AgreesWithRuntime().Gives(Tensor.From([0.5f, -0.5f, float.NaN, float.NaN]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void RemainderOfTheSmallestWholeNumber_ByMinusOne_IsZero(int fmod) =>
        new NodeCheck("Mod", 13, ("fmod", fmod)).Input(Tensor.From([int.MinValue, 7])).Input(Tensor.From([-1, -1])).Output(OnnxElementType.Int32).Gives(Tensor.From([0, 0]));

    [Fact]
    public void RemainderOfRealNumbers_WithoutFmod_IsRefused()
    {
        var check = new NodeCheck("Mod", 13).Input(Tensor.From([5.5f])).Input(Tensor.From([2f])).Output(OnnxElementType.Float);

        Assert.ThrowsAny<Exception>(check.OfRuntime);
        Assert.Contains("node 'myMod' (Mod, opset 13): fmod = 1 was expected for Float", check.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void PowersOfWholeNumbers_AreExact_AndOverflow()
    {
        new NodeCheck("Pow", 15).Input(Tensor.From([3L, -3, 2, 7, 0, 5])).Input(Tensor.From([39L, 39, 64, 30, 0, 1])).Output(OnnxElementType.Int64)
            .Gives(Tensor.From([4052555153018976267, -4052555153018976267, 0, 1576789505350337489, 1, 5]));
        new NodeCheck("Pow", 15).Input(Tensor.From([3, 2, 7])).Input(Tensor.From([39L, 31, 11])).Output(OnnxElementType.Int32)
            .Gives(Tensor.From([unchecked((int)4052555153018976267), int.MinValue, 1977326743]));
    }

    [Fact]
    public void PowersOfWholeNumbers_WithOtherExponents_AreCutOff() => new NodeCheck("Pow", 15)
        .Input(Tensor.From([9, 2, 7, 1, 2])).Input(Tensor.From([0.5f, -1, 2, -3, 0.5f])).Output(OnnxElementType.Int32).AgreesWithRuntime().Gives(Tensor.From([3, 0, 49, 1, 1]));

    [Fact]
    public void NegativePowersOfWholeNumbers_AreCutOff() => new NodeCheck("Pow", 15)
        .Input(Tensor.From([1L, -1, -1, 2, -7])).Input(Tensor.From([-1L, -1, -2, -1, -3])).Output(OnnxElementType.Int64).AgreesWithRuntime().Gives(Tensor.From([1L, -1, 1, 0, 0]));
}
