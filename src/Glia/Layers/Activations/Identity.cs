namespace Glia.Layers;

/// <summary>x itself, the linear activation of a regression's output, with derivative 1; range (−∞, ∞).</summary>
public sealed class Identity() : Activation(ActivationFunction.Identity);
