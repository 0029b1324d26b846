using System.Globalization;
using System.Numerics.Tensors;

namespace Glia.Data;

/// <summary>Labelled images in memory, one byte per pixel and channel.</summary>
public sealed class ImageSet : IImageSource
{
    private const int MaxLabel = ushort.MaxValue;

    private readonly byte[] _pixels;
    private readonly int[] _labels;
    private readonly float _white;

    /// <summary>Makes a set of images.</summary>
    /// <param name="pixels">images × channels × rows × columns.</param>
    /// <param name="labels">The class of each image, an index into <paramref name="classNames"/>.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="white">The byte that stands for 1.0; 255 by default.</param>
    /// <exception cref="ArgumentException">The lengths disagree or a label is no class.</exception>
    public ImageSet(
        byte[] pixels, int[] labels, IReadOnlyList<string> classNames, int channels, int height, int width, byte white = byte.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        ImageArguments.CheckShape(channels, height, width);
        ArgumentOutOfRangeException.ThrowIfZero(white);
        if (pixels.Length != (long)labels.Length * channels * height * width)
        {
            throw new ArgumentException(
                $"{labels.Length} images of {channels} x {height} x {width} need {(long)labels.Length * channels * height * width} bytes, "
                + $"but there are {pixels.Length}.",
                nameof(pixels));
        }

        var bad = Array.FindIndex(labels, label => (uint)label >= (uint)classNames.Count);
        if (bad >= 0)
        {
            throw new ArgumentException(
                $"The label of image {bad} is {labels[bad]}, but there are {classNames.Count} classes.", nameof(labels));
        }

        (_pixels, _labels, _white) = (pixels, labels, white);
        (Channels, Height, Width) = (channels, height, width);
        ClassNames = [.. classNames];
    }

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>All pixels: images × channels × rows × columns.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>The class of each image.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>
    /// Reads an IDX file of images and one of their labels; classes are named by their numbers, from 0 to the greatest label.
    /// </summary>
    /// <param name="imagesPath">Unsigned bytes, images × rows × columns (grey) or images × channels × rows × columns.</param>
    /// <param name="labelsPath">Integers, one for each image.</param>
    /// <exception cref="DataFormatException">A file is damaged, holds something else, or the two do not belong together.</exception>
    public static ImageSet ReadIdx(string imagesPath, string labelsPath)
    {
        var images = IdxFile.Read(imagesPath);
        var shape = images.Dimensions;
        var channels = shape.Count == 4 ? shape[1] : 1;
        if (images.Type != IdxType.UInt8 || shape.Count is not (3 or 4) || channels is not (1 or 3) || shape.Contains(0))
        {
            throw new DataFormatException(
                imagesPath,
                "expected images as unsigned bytes, images x rows x columns or images x channels (1 or 3) x rows x columns, "
                + $"found {images.Type} of {string.Join(" x ", shape)}.");
        }

        var labels = ReadLabels(labelsPath);
        if (labels.Length != shape[0])
        {
            throw new DataFormatException(
                labelsPath, $"expected {shape[0]} labels, one for each image in {imagesPath}, found {labels.Length}.");
        }

        var classNames = Enumerable.Range(0, labels.Max() + 1).Select(label => label.ToString(CultureInfo.InvariantCulture));
        return new ImageSet(images.Bytes.ToArray(), labels, [.. classNames], channels, shape[^2], shape[^1]);
    }

    /// <inheritdoc/>
    public int Label(int index)
    {
        ImageArguments.CheckIndex(this, index);
        return _labels[index];
    }

    /// <inheritdoc/>
    public void Read(int index, Span<float> destination)
    {
        ImageArguments.CheckIndex(this, index);
        ImageArguments.CheckLength(this, destination);
        var size = destination.Length;
        TensorPrimitives.ConvertTruncating<byte, float>(_pixels.AsSpan(index * size, size), destination);
        TensorPrimitives.Divide(destination, _white, destination);
    }

    /// <summary>The same images with the classes of another set, of which this set's must be a part.</summary>
    internal ImageSet WithClasses(IReadOnlyList<string> classNames, string name) => ClassNames.Count <= classNames.Count
        ? new ImageSet(_pixels, _labels, classNames, Channels, Height, Width, (byte)_white)
        : throw new DataFormatException(
            name, $"there are labels up to {ClassNames.Count - 1}, but those of the training images end at {classNames.Count - 1}.");

    private static int[] ReadLabels(string path)
    {
        var file = IdxFile.Read(path);
        if (file.Dimensions.Count != 1 || file.Type is IdxType.Float32 or IdxType.Float64)
        {
            throw new DataFormatException(
                path, $"expected labels as a list of integers, found {file.Type} of {string.Join(" x ", file.Dimensions)}.");
        }

        var labels = Array.ConvertAll(file.ToDoubles(), label => (int)label);
        var bad = Array.FindIndex(labels, label => label is < 0 or > MaxLabel);
        return bad < 0 ? labels : throw new DataFormatException(
            path, $"label {bad + 1} is {labels[bad]}, but labels are whole numbers from 0 to {MaxLabel}.");
    }
}
