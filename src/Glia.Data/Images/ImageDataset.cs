namespace Glia.Data;

/// <summary>Labelled images as inputs of a network: (channels, rows, columns), preprocessed, with the class index as target.</summary>
public sealed class ImageDataset : Dataset
{
    /// <summary>Images that take no more than this once they are numbers are converted once rather than for every epoch.</summary>
    private const long MostConverted = 512L << 20;

    private readonly IImageSource _source;
    private readonly ImagePreprocessing _preprocessing;

    private ImageDataset(IImageSource source, ImagePreprocessing preprocessing)
    {
        _source = source;
        _preprocessing = preprocessing;
    }

    /// <inheritdoc/>
    public override int Count => _source.Count;

    /// <inheritdoc/>
    public override Shape InputShape => (_source.Channels, _source.Height, _source.Width);

    /// <inheritdoc/>
    public override Shape TargetShape => Shape.Scalar;

    /// <inheritdoc/>
    public override DType TargetDType => DType.Int64;

    /// <inheritdoc/>
    public override bool IsSlow => true;

    /// <summary>Makes a data set of images. If they fit into memory they are converted at once, otherwise files are decoded when a batch needs them.</summary>
    /// <param name="source">The images.</param>
    /// <param name="preprocessing">How they become numbers.</param>
    /// <exception cref="ArgumentException">The images have another shape than the preprocessing.</exception>
    public static Dataset Open(IImageSource source, ImagePreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(preprocessing);
        if ((source.Channels, source.Height, source.Width) != (preprocessing.Channels, preprocessing.Height, preprocessing.Width))
        {
            throw new ArgumentException(
                $"The images have {source.Channels} channels of {source.Height}×{source.Width} pixels, but the preprocessing is for {preprocessing.Channels} of {preprocessing.Height}×{preprocessing.Width}.",
                nameof(source));
        }
        var dataset = new ImageDataset(source, preprocessing);
        var bytes = (long)source.Count * dataset.InputShape.Count * sizeof(float);
        return bytes <= MostConverted ? dataset.InMemory() : dataset;
    }

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        var pixels = input.AsWritableSpan<float>();
        var labels = target.AsWritableSpan<long>();
        var size = InputShape.Count;
        for (var i = 0; i < samples.Length; i++)
        {
            var image = pixels.Slice(i * size, size);
            _source.Read(samples[i], image);
            _preprocessing.Normalize(image);
            labels[i] = _source.Label(samples[i]);
        }
    }

    private TensorDataset InMemory()
    {
        var inputs = Tensor.Zeros(InputShape.Prepend(Count));
        var targets = Tensor.Zeros(Count, DType.Int64);
        Fill([.. Enumerable.Range(0, Count)], inputs, targets);
        return new TensorDataset(inputs, targets);
    }
}
