namespace Glia.Layers;

/// <summary>The settings of a <see cref="Conv2D"/> beyond its kernel.</summary>
public sealed record Conv2DOptions
{
    /// <summary>Steps between neighbouring outputs; 1 by default.</summary>
    public Size2D Stride { get; init; } = 1;

    /// <summary>Zeros put around the input, on each side; 0 by default.</summary>
    public Size2D Padding { get; init; } = 0;

    /// <summary>Steps between neighbouring kernel elements; 1 by default.</summary>
    public Size2D Dilation { get; init; } = 1;

    /// <summary>Into how many independent groups the channels are divided; 1 by default, the number of channels for a depthwise convolution.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a bias is added; true by default.</summary>
    public bool UseBias { get; init; } = true;

    internal void Validate()
    {
        Stride.RequirePositive(nameof(Stride));
        Padding.RequireNotNegative(nameof(Padding));
        Dilation.RequirePositive(nameof(Dilation));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Groups);
    }
}
