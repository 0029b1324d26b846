namespace Glia.Initializers;

/// <summary>Which of a layer's connections the spread of its initial weights is measured by.</summary>
public enum FanMode
{
    /// <summary>Those into a unit: keeps the variance of activations.</summary>
    In,

    /// <summary>Those out of a unit: keeps the variance of gradients.</summary>
    Out,

    /// <summary>The mean of both.</summary>
    Average,
}
