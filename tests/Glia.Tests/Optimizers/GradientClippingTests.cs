using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Tests.Optimizers;

public class GradientClippingTests
{
    [Fact]
    public void Norm_IsOverAllTensorsTogether()
    {
        Parameter[] parameters = [With(3, 0), With(0, -4)];
        Assert.Equal(5, GradientClipping.Norm(parameters), 12);
        Assert.Equal(7, GradientClipping.Norm(parameters, 1), 12);
        Assert.Equal(Math.Pow(27 + 64, 1 / 3.0), GradientClipping.Norm(parameters, 3), 12);
        Assert.Equal(4, GradientClipping.Norm(parameters, double.PositiveInfinity));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void ByNorm_ShortensLongGradients_AndKeepsTheirDirection(DType dtype)
    {
        for (var seed = 1ul; seed <= 20; seed++)
        {
            var values = Numbers.Normal(37, seed).ToDoubles();
            var parameter = Typed(dtype, values);
            var norm = GradientClipping.ByNorm([parameter], maxNorm: 2);
            var after = parameter.Grad!.ToDoubles();
            Assert.InRange(GradientClipping.Norm([parameter]), 1.99, 2);
            for (var i = 0; i < values.Length; i++)
                Assert.Equal(values[i] * 2 / norm, after[i], 1e-5);
        }
    }

    [Fact]
    public void ShortGradients_StayBitForBit()
    {
        var parameter = With(0.1, -0.2);
        GradientClipping.ByNorm([parameter], 1);
        GradientClipping.ByValue([parameter], 1);
        Assert.Equal([0.1, -0.2], parameter.Grad!.ToDoubles());
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    public void TinyAndHugeGradients_HaveAnExactNorm(double size)
    {
        var parameter = With(3 * size, 4 * size);
        Assert.Equal(5, GradientClipping.ByNorm([parameter], 1) / size, 12);
        Assert.Equal(4, GradientClipping.Norm([With(2 * size, 2 * size, 2 * size, 2 * size)]) / size, 12);
        Assert.All(parameter.Grad!.ToDoubles(), g => Assert.True(double.IsFinite(g)));
    }

    [Fact]
    public void HugeFloat32Gradients_AreClipped()
    {
        var parameter = Typed(DType.Float32, 3e30, -4e30);
        Assert.Equal(5e30, GradientClipping.ByNorm([parameter], 1), 1e25);
        Assert.Equal([0.6, -0.8], parameter.Grad!.ToDoubles(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void ZeroGradients_StayZero()
    {
        var parameter = With(0, 0);
        Assert.Equal(0, GradientClipping.ByNorm([parameter], 1));
        Assert.Equal([0, 0], parameter.Grad!.ToDoubles());
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "infinity")]
    public void NonFiniteGradient_IsAnErrorThatNamesTheParameter_UnlessToldOtherwise(double bad, string what)
    {
        Parameter[] parameters = [With(1), With(2, bad)];
        var error = Assert.Throws<NotFiniteNumberException>(() => GradientClipping.ByNorm(parameters, 1));
        Assert.StartsWith($"The gradient of parameter 1, 'parameter' (2,), holds {what}, so the norm cannot be clipped.", error.Message, StringComparison.Ordinal);
        Assert.False(double.IsFinite(GradientClipping.ByNorm(parameters, 1, errorIfNonFinite: false)));
        Assert.Equal([1], parameters[0].Grad!.ToDoubles());
    }

    [Fact]
    public void ByValue_HoldsEveryComponent()
    {
        var parameter = With(-3, 0.5, 1e30);
        GradientClipping.ByValue([parameter], 2);
        Assert.Equal([-2, 0.5, 2], parameter.Grad!.ToDoubles());
    }

    [Fact]
    public void ParametersWithoutGradient_ArePassedOver()
    {
        var untouched = new Parameter(3);
        Assert.Equal(5, GradientClipping.ByNorm([untouched, With(3, 4)], 10));
        Assert.Null(untouched.Grad);
    }

    [Fact]
    public void LimitsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByValue([], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByNorm([], double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.Norm([], 0.5));
    }

    private static Parameter With(params double[] gradient) => Typed(DType.Float64, gradient);

    private static Parameter Typed(DType dtype, params double[] gradient)
    {
        var parameter = new Parameter(gradient.Length, dtype);
        parameter.Backward(Tensor.From(gradient).To(dtype));
        return parameter;
    }
}
