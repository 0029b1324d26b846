using static System.FormattableString;

namespace Glia.Tests;

/// <summary>Holds gradients against central finite differences, in float64 with a step of 1e-6.</summary>
internal static class GradientCheck
{
    public const double DefaultStep = 1e-6;

    /// <summary>The gradients of ⟨u, f(x)⟩, u random, by reverse mode equal the finite differences.</summary>
    public static void Holds(Func<Tensor[], Tensor> function, Tensor[] x, string what, double step = DefaultStep)
    {
        foreach (var input in x)
            input.RequiresGrad = true;
        var y = function(x);
        var u = Numbers.Normal(y.Shape, seed: 77);
        Equal(t => Numbers.Dot(u, function(t)), x, Gradients.Of(y, x, u), what, step);
    }

    /// <summary>The gradients equal the central differences of a function that gives a number.</summary>
    public static void Equal(Func<Tensor[], double> function, Tensor[] x, Tensor[] gradients, string what, double step = DefaultStep)
    {
        const double Rtol = 1e-3, Atol = 1e-5;
        for (var k = 0; k < x.Length; k++)
        {
            Assert.Equal(x[k].Shape, gradients[k].Shape);
            for (var i = 0; i < x[k].Count; i++)
            {
                var before = x[k].GetFlat(i);
                x[k].SetFlat(i, before + step);
                var above = function(x);
                x[k].SetFlat(i, before - step);
                var below = function(x);
                x[k].SetFlat(i, before);
                var expected = (above - below) / (2 * step);
                var actual = gradients[k].GetFlat(i);
                Assert.True(
                    Math.Abs(expected - actual) <= Atol + (Rtol * Math.Abs(expected)),
                    Invariant($"{what}: gradient of input {k} {x[k].Shape} at {i} is {actual:R}, finite differences give {expected:R}"));
            }
        }
    }
}
