namespace Glia.Layers;

/// <summary>The settings of a <see cref="Conv1D"/> or <see cref="ConvTranspose1D"/> beyond its kernel.</summary>
public sealed record Conv1DOptions : ConvOptions
{
    /// <summary>Steps between neighbouring outputs; 1 by default.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Steps between neighbouring kernel elements; 1 by default.</summary>
    public int Dilation { get; init; } = 1;

    private protected override int[] StrideSizes => [Stride];

    private protected override int[] DilationSizes => [Dilation];
}
