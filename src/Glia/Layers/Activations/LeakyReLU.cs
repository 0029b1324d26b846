using System.Text.Json;
using Glia.Kernels;

namespace Glia.Layers;

/// <summary>x where x &gt; 0, else slope·x, so that a unit never goes silent, with derivative 1 where x &gt; 0, else the slope; range (−∞, ∞).</summary>
/// <param name="slope">The slope below 0; 0.01 by default.</param>
public sealed class LeakyReLU(double slope = 0.01) : Activation(ActivationFunction.Of(new LeakyReLUFormula(slope)), isRectifier: true)
{
    /// <summary>The slope below 0.</summary>
    public double Slope { get; } = slope;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer) => writer.WriteNumber("slope", Slope);
}

internal readonly struct LeakyReLUFormula(double slope) : IUnaryOperation
{
    public double Slope => slope;

    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), x, x * T.Constant(slope));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), T.Constant(1), T.Constant(slope));
}
