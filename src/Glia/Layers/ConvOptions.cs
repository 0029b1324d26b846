namespace Glia.Layers;

/// <summary>The settings of a convolution, of any number of axes, beyond its kernel.</summary>
public abstract record ConvOptions
{
    private protected ConvOptions()
    {
    }

    /// <summary>Zeros put around the input: one number, one per axis, one per side, <see cref="Padding.Same"/>; none by default.</summary>
    public Padding Padding { get; init; }

    /// <summary>Into how many independent groups the channels are divided; 1 by default, the number of channels for a depthwise convolution.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a bias is added; true by default.</summary>
    public bool UseBias { get; init; } = true;

    private protected abstract int[] StrideSizes { get; }

    private protected abstract int[] DilationSizes { get; }

    internal ConvSettings With(params int[] kernel) => new(new(kernel, StrideSizes, Padding, DilationSizes), Groups, UseBias);
}

/// <summary>Kernel and options of a convolution, for any number of axes.</summary>
internal sealed record ConvSettings
{
    public ConvSettings(Windows windows, int groups, bool useBias)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        (Windows, Groups, UseBias) = (windows, groups, useBias);
    }

    public Windows Windows { get; }

    public int Groups { get; }

    public bool UseBias { get; }
}
