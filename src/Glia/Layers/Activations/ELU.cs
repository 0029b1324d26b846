using System.Text.Json;
using Glia.Kernels;

namespace Glia.Layers;

/// <summary>x where x &gt; 0, else α(eˣ − 1) (Clevert et al. 2016), with derivative 1 where x &gt; 0, else y + α; range (−α, ∞).</summary>
/// <param name="alpha">α; 1 by default.</param>
public sealed class ELU(double alpha = 1) : Activation(ActivationFunction.Of(new ELUFormula(alpha)), isRectifier: true)
{
    /// <summary>α.</summary>
    public double Alpha { get; } = alpha;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer) => writer.WriteNumber("alpha", Alpha);
}

internal readonly struct ELUFormula(double alpha) : IUnaryOperation
{
    public double Alpha => alpha;

    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), x, T.Constant(alpha) * RealMath.Expm1(x));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), T.Constant(1), y + T.Constant(alpha));
}
