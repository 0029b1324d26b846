namespace Glia.Data;

/// <summary>Labelled images of one size, read one at a time, so that they need not be in memory.</summary>
public interface IImageSource
{
    /// <summary>The number of images.</summary>
    int Count { get; }

    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    int Channels { get; }

    /// <summary>Rows of pixels.</summary>
    int Height { get; }

    /// <summary>Columns of pixels.</summary>
    int Width { get; }

    /// <summary>The name of each class, in the order of the labels.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>The class of an image, an index into <see cref="ClassNames"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    int Label(int index);

    /// <summary>Reads an image; several threads may read at once.</summary>
    /// <param name="index">Which image (0-based).</param>
    /// <param name="destination">Receives channels × rows × columns, in [0, 1]; exactly that long.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="DataFormatException">The image is damaged.</exception>
    void Read(int index, Span<float> destination);
}
