namespace Glia.Training.Diagnostics;

/// <summary>A look inside the model at one step.</summary>
/// <param name="Step">The step, counted from 1.</param>
/// <param name="Parameters">The weights (not biases) in order of the layers.</param>
/// <param name="Activations">The activations of a batch after the step, in order.</param>
/// <param name="OutputVariation">How much the model's output differs between samples, as a share of its size; NaN when not seen.</param>
public sealed record Probe(long Step, IReadOnlyList<ParameterProbe> Parameters, IReadOnlyList<ActivationProbe> Activations, double OutputVariation);

/// <summary>A weight at one step.</summary>
/// <param name="Name">Its full name, such as <c>dense1.weight</c>.</param>
/// <param name="Gradient">The root mean square of its gradient, before clipping.</param>
/// <param name="ZeroShare">The share of the gradient's components that are exactly 0.</param>
/// <param name="Weight">The root mean square of the weights.</param>
/// <param name="UpdateRatio">‖Δw‖ / ‖w‖ of the step.</param>
public sealed record ParameterProbe(string Name, double Gradient, double ZeroShare, double Weight, double UpdateRatio)
{
    /// <summary>The weights after the step; null in records of older versions.</summary>
    public Histogram? Weights { get; init; }

    /// <summary>The components of the gradient, before clipping; null without a gradient, and in records of older versions.</summary>
    public Histogram? Gradients { get; init; }
}

/// <summary>The output of an activation layer over a batch.</summary>
/// <param name="Layer">Its path.</param>
/// <param name="Role">Rectifier or squashing.</param>
/// <param name="DeadShare">The share of units that give 0 for every sample.</param>
/// <param name="SaturatedShare">The share of values at the flat ends: beyond ±0.99 for tanh, below 0.01 or above 0.99 for sigmoid.</param>
public sealed record ActivationProbe(string Layer, LayerRole Role, double DeadShare, double SaturatedShare)
{
    /// <summary>The values, of a rectifier those above 0; null in records of older versions.</summary>
    public Histogram? Values { get; init; }
}
