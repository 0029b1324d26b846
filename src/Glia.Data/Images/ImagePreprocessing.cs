using System.Numerics.Tensors;

namespace Glia.Data;

/// <summary>How an image becomes the input of a network: its shape, and (x − mean) / std for every channel of pixels x in [0, 1].</summary>
public sealed class ImagePreprocessing
{
    private const string Format = "glia.image-preprocessing";
    private const int Version = 1;
    private const int FittedImages = 1000;

    private readonly float[] _mean;
    private readonly float[] _std;

    /// <summary>Describes the preprocessing.</summary>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="mean">What is subtracted, for each channel.</param>
    /// <param name="std">What is then divided by, for each channel; positive.</param>
    /// <param name="classNames">The name of each class, in the order of the network's outputs.</param>
    /// <exception cref="ArgumentException">
    /// The shape is impossible, or there is not one finite mean and positive std for each channel.
    /// </exception>
    public ImagePreprocessing(
        int channels, int height, int width, ReadOnlySpan<float> mean, ReadOnlySpan<float> std, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ImageArguments.CheckShape(channels, height, width);
        if (mean.Length != channels || std.Length != channels)
        {
            throw new ArgumentException(
                $"{channels} channels need as many means and standard deviations, but there are {mean.Length} and {std.Length}.",
                nameof(mean));
        }

        for (var i = 0; i < channels; i++)
        {
            if (!float.IsFinite(mean[i]) || !float.IsFinite(std[i]) || std[i] <= 0)
            {
                throw new ArgumentException(
                    $"Channel {i} has mean {mean[i]} and std {std[i]}; both must be finite, std positive.", nameof(std));
            }
        }

        (Channels, Height, Width) = (channels, height, width);
        (_mean, _std) = (mean.ToArray(), std.ToArray());
        ClassNames = [.. classNames];
    }

    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Columns of pixels.</summary>
    public int Width { get; }

    /// <summary>What is subtracted from each channel.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>What each channel is then divided by.</summary>
    public ReadOnlySpan<float> Std => _std;

    /// <summary>The name of each class, in the order of the network's outputs.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Takes mean and standard deviation of each channel from training images, at most 1000 of them, evenly chosen.</summary>
    /// <param name="source">The images.</param>
    /// <param name="rows">Which of them are for training; at least one.</param>
    /// <exception cref="ArgumentException"><paramref name="rows"/> is empty.</exception>
    /// <exception cref="DataFormatException">An image is damaged.</exception>
    public static ImagePreprocessing Fit(IImageSource source, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (rows.IsEmpty)
            throw new ArgumentException("There are no training images to fit on.", nameof(rows));

        var plane = source.Height * source.Width;
        var image = new float[source.Channels * plane];
        var moments = new RunningMoments[source.Channels];
        var count = Math.Min(rows.Length, FittedImages);
        for (var i = 0; i < count; i++)
        {
            source.Read(rows[(int)((long)i * rows.Length / count)], image);
            for (var p = 0; p < image.Length; p++)
                moments[p / plane].Add(image[p]);
        }

        var mean = Array.ConvertAll(moments, m => (float)m.Mean);
        var std = Array.ConvertAll(moments, m => (float)m.StandardDeviation is > 0 and var deviation ? deviation : 1f);
        return new ImagePreprocessing(source.Channels, source.Height, source.Width, mean, std, source.ClassNames);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <exception cref="DataFormatException">The text is not a saved preprocessing of a known version.</exception>
    public static ImagePreprocessing FromJson(string json, string fileName = "image preprocessing") =>
        JsonNode.Read(json, fileName, Format, Version, root =>
        {
            try
            {
                return new ImagePreprocessing(
                    root.Count("channels"), root.Count("height"), root.Count("width"),
                    Array.ConvertAll(root.Numbers("mean"), x => (float)x), Array.ConvertAll(root.Numbers("std"), x => (float)x),
                    root.Texts("classes"));
            }
            catch (ArgumentException e)
            {
                throw new DataFormatException(fileName, e.Message, innerException: e);
            }
        });

    /// <summary>Standardises an image in place.</summary>
    /// <param name="image">channels × rows × columns, in [0, 1].</param>
    /// <exception cref="ArgumentException"><paramref name="image"/> has another length.</exception>
    public void Normalize(Span<float> image)
    {
        var plane = Height * Width;
        if (image.Length != Channels * plane)
        {
            throw new ArgumentException(
                $"An image of {Channels} x {Height} x {Width} has {Channels * plane} numbers, not {image.Length}.", nameof(image));
        }

        for (var channel = 0; channel < Channels; channel++)
        {
            var pixels = image.Slice(channel * plane, plane);
            TensorPrimitives.Subtract(pixels, _mean[channel], pixels);
            TensorPrimitives.Divide(pixels, _std[channel], pixels);
        }
    }

    /// <summary>
    /// Reads an image file (PNG, JPEG or BMP) as input of the network: grey or colour as needed, stretched to size, standardised.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>channels × rows × columns.</returns>
    /// <exception cref="DataFormatException">The file is not an image, is damaged or has more than 64 megapixels.</exception>
    /// <exception cref="IOException">The file cannot be read, for instance because it does not exist.</exception>
    public float[] ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var image = new float[Channels * Height * Width];
        ImageFile.Read(path, Channels, Height, Width, image);
        Normalize(image);
        return image;
    }

    /// <summary>The preprocessing as JSON text, to be saved with the model.</summary>
    public string ToJson() => JsonNode.Write(Format, Version, writer =>
    {
        writer.WriteNumber("channels", Channels);
        writer.WriteNumber("height", Height);
        writer.WriteNumber("width", Width);
        WriteNumbers("mean", _mean);
        WriteNumbers("std", _std);
        writer.WriteStartArray("classes");
        foreach (var name in ClassNames)
            writer.WriteStringValue(name);
        writer.WriteEndArray();

        void WriteNumbers(string name, float[] numbers)
        {
            writer.WriteStartArray(name);
            foreach (var number in numbers)
                writer.WriteNumberValue(number);
            writer.WriteEndArray();
        }
    });
}
