namespace Glia.Layers;

/// <summary>The settings of a <see cref="Conv3D"/> or <see cref="ConvTranspose3D"/> beyond its kernel.</summary>
public sealed record Conv3DOptions : ConvOptions
{
    /// <summary>Steps between neighbouring outputs; 1 by default.</summary>
    public Size3D Stride { get; init; } = 1;

    /// <summary>Steps between neighbouring kernel elements; 1 by default.</summary>
    public Size3D Dilation { get; init; } = 1;

    private protected override int[] StrideSizes => Stride.ToArray();

    private protected override int[] DilationSizes => Dilation.ToArray();
}
