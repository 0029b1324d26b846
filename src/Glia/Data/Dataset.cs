namespace Glia.Data;

/// <summary>Samples that can be read in any order: an input and a target each, all of one shape.</summary>
public abstract class Dataset
{
    /// <summary>The number of samples.</summary>
    public abstract int Count { get; }

    /// <summary>The shape of one input.</summary>
    public abstract Shape InputShape { get; }

    /// <summary>The shape of one target: <c>()</c> for a class index.</summary>
    public abstract Shape TargetShape { get; }

    /// <summary>The type of the inputs; Float32 unless said otherwise.</summary>
    public virtual DType InputDType => DType.Float32;

    /// <summary>The type of the targets: Int64 for class indices.</summary>
    public abstract DType TargetDType { get; }

    /// <summary>How much each sample counts in the loss, (count,): numbers of 0 or more. Null (the default) when all count the same.</summary>
    public virtual Tensor? SampleWeights => null;

    /// <summary>
    /// How many time steps of each sample are valid, (count,) Int64; the rest is padding. Null (the default) when all are. The time is the first axis of
    /// a sample. A trainer hands them to the layers in <see cref="Layers.ForwardContext.Lengths"/>.
    /// </summary>
    public virtual Tensor? Lengths => null;

    /// <summary>Whether samples are slow to read (decoded, or read from a disk), so that a loader should work ahead on another thread.</summary>
    public virtual bool IsSlow => false;

    /// <summary>Copies samples into the rows of a batch.</summary>
    /// <param name="samples">Which samples, one per row.</param>
    /// <param name="input">The inputs, (batch, …), to be written.</param>
    /// <param name="target">The targets, (batch, …), to be written.</param>
    public abstract void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target);

    /// <summary>Copies samples as they are in an epoch; the same in every one unless the data set changes them at random, as <see cref="Augment"/> does.</summary>
    /// <param name="epoch">The pass over the data, from 0.</param>
    /// <param name="samples">Which samples, one per row.</param>
    /// <param name="input">The inputs, (batch, …), to be written.</param>
    /// <param name="target">The targets, (batch, …), to be written.</param>
    public virtual void Fill(int epoch, ReadOnlySpan<int> samples, Tensor input, Tensor target) => Fill(samples, input, target);

    /// <summary>Some of the samples, in the order given, without copying them.</summary>
    public Dataset Subset(int[] samples) => new SubsetDataset(this, samples);

    /// <summary>
    /// Consecutive windows of one long sequence, in the order in which stateful layers read them (truncated back-propagation through time): the sequence is cut
    /// into equal lanes, and of batches as large as there are lanes, without shuffling, row k continues row k of the batch before. What is left at the end,
    /// fewer windows than lanes, is not read.
    /// </summary>
    /// <param name="count">The number of lanes, which must be the size of the batches.</param>
    /// <exception cref="ArgumentException">There are fewer windows than lanes.</exception>
    public Dataset Lanes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var length = Count / count;
        return length > 0
            ? Subset([.. Enumerable.Range(0, length * count).Select(i => (i % count * length) + (i / count))])
            : throw new ArgumentException($"{Count} windows cannot be read in {count} lanes. Use fewer lanes, shorter windows or more data.", nameof(count));
    }

    /// <summary>
    /// The same images changed at random, every time otherwise: what changes depends on seed, epoch and sample only. For training data; leave
    /// validation and test data as they are.
    /// </summary>
    /// <param name="augmentation">How far the images may be changed.</param>
    /// <param name="seed">The same seed gives the same images.</param>
    /// <exception cref="ShapeException">The inputs are no images (channels, rows, columns) in Float32.</exception>
    public Dataset Augment(ImageAugmentation augmentation, ulong seed = 0) => new AugmentedDataset(this, augmentation, seed);
}
