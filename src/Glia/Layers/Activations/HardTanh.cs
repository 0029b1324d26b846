using System.Text.Json;
using Glia.Kernels;

namespace Glia.Layers;

/// <summary>min(max(low, x), high), with derivative 1 between them and 0 elsewhere, at both kinks too; range [low, high].</summary>
/// <param name="low">The lower bound; −1 by default.</param>
/// <param name="high">The upper bound; 1 by default.</param>
public sealed class HardTanh(double low = -1, double high = 1) : Activation(ActivationFunction.Of(new HardTanhFormula(low, high)))
{
    /// <summary>The lower bound.</summary>
    public double Low { get; } = low;

    /// <summary>The upper bound.</summary>
    public double High { get; } = high;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("low", Low);
        writer.WriteNumber("high", High);
    }
}

internal readonly struct HardTanhFormula(double low, double high) : IUnaryOperation
{
    public double Low => low;

    public double High => high;

    public T Forward<T>(T x)
        where T : struct, IReal<T> =>
        T.Select(T.Greater(T.Constant(low), x), T.Constant(low), T.Select(T.Greater(x, T.Constant(high)), T.Constant(high), x));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> =>
        T.Select(T.Greater(x, T.Constant(low)), T.Select(T.Greater(T.Constant(high), x), T.Constant(1), T.Constant(0)), T.Constant(0));
}
