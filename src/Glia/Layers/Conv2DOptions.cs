namespace Glia.Layers;

/// <summary>The settings of a <see cref="Conv2D"/> or <see cref="ConvTranspose2D"/> beyond its kernel.</summary>
public sealed record Conv2DOptions : ConvOptions
{
    /// <summary>Steps between neighbouring outputs; 1 by default.</summary>
    public Size2D Stride { get; init; } = 1;

    /// <summary>Steps between neighbouring kernel elements; 1 by default.</summary>
    public Size2D Dilation { get; init; } = 1;

    private protected override int[] StrideSizes => Stride.ToArray();

    private protected override int[] DilationSizes => Dilation.ToArray();
}
