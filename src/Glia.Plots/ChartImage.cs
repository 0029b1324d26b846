namespace Glia.Plots;

/// <summary>A small picture of <see cref="Chart.Images"/>: one number for each pixel, or three for its colour.</summary>
public sealed class ChartImage
{
    /// <summary>Creates a picture of one number for each pixel.</summary>
    /// <param name="label">What stands above it; may be empty.</param>
    /// <param name="pixels">Row by row. NaN is drawn grey.</param>
    /// <exception cref="ArgumentException">There are no pixels.</exception>
    public ChartImage(string label, double[,] pixels)
        : this(label, [pixels])
    {
    }

    /// <summary>Creates a picture in colour.</summary>
    /// <param name="label">What stands above it; may be empty.</param>
    /// <param name="channels">Red, green and blue from 0 to 1, of one size; or a single channel.</param>
    /// <exception cref="ArgumentException">There are not one or three channels, they differ in size, or have no pixels.</exception>
    public ChartImage(string label, IReadOnlyList<double[,]> channels)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count is not (1 or 3))
            throw new ArgumentException($"A picture has one channel, or red, green and blue, but got {channels.Count}.", nameof(channels));
        if (channels.Any(c => c.Length == 0 || c.GetLength(0) != channels[0].GetLength(0) || c.GetLength(1) != channels[0].GetLength(1)))
            throw new ArgumentException("The channels of a picture must have pixels, and be of one size.", nameof(channels));
        (Label, Channels) = (ChartText.Clean(label), channels);
    }

    /// <summary>What stands above the picture.</summary>
    public string Label { get; }

    /// <summary>A map of 0…1 laid over the picture, of any size (it is stretched and smoothed): the higher, the more it shows. Null (the default) for none.</summary>
    public double[,]? Overlay { get; init; }

    /// <summary>How its numbers become colours; null (the default) for those of the chart.</summary>
    public ImageColors? Colors { get; init; }

    /// <summary>Whether its colours run from its own lowest to its own highest number, rather than over those of the chart; false by default.</summary>
    public bool HasOwnScale { get; init; }

    internal IReadOnlyList<double[,]> Channels { get; }

    internal int Rows => Channels[0].GetLength(0);

    internal int Columns => Channels[0].GetLength(1);
}
