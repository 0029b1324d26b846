namespace Glia.Data;

/// <summary>Samples in memory: row i of the inputs belongs to row i of the targets.</summary>
public sealed class TensorDataset : Dataset
{
    /// <summary>Creates the data set over two tensors, which it does not copy.</summary>
    /// <param name="inputs">(count, …).</param>
    /// <param name="targets">(count, …): Int64 class indices (count,), or numbers.</param>
    /// <param name="sampleWeights">How much each sample counts in the loss, (count,): finite numbers of 0 or more; by default all count the same.</param>
    /// <param name="lengths">
    /// How many time steps of each sample are valid, (count,) Int64, from 0 to the size of the first axis of a sample; by default all are.
    /// </param>
    /// <exception cref="ShapeException">The numbers of rows differ.</exception>
    /// <exception cref="ArgumentException">A weight is negative, infinite or NaN, or a length is out of range or not Int64.</exception>
    public TensorDataset(Tensor inputs, Tensor targets, Tensor? sampleWeights = null, Tensor? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.Rank == 0 || targets.Rank == 0 || inputs.Shape[0] != targets.Shape[0])
            throw ShapeException.Of(nameof(TensorDataset), "inputs and targets with the same number of rows", $"{inputs.Shape} and {targets.Shape}");
        Inputs = inputs;
        Targets = targets;
        SampleWeights = sampleWeights is null ? null : CheckedWeights(sampleWeights);
        Lengths = lengths is null ? null : CheckedLengths(lengths);
    }

    /// <summary>All inputs, (count, …).</summary>
    public Tensor Inputs { get; }

    /// <summary>All targets, (count, …).</summary>
    public Tensor Targets { get; }

    /// <inheritdoc/>
    public override Tensor? SampleWeights { get; }

    /// <inheritdoc/>
    public override Tensor? Lengths { get; }

    /// <inheritdoc/>
    public override int Count => Inputs.Shape[0];

    /// <inheritdoc/>
    public override Shape InputShape => Inputs.Shape.From(1);

    /// <inheritdoc/>
    public override Shape TargetShape => Targets.Shape.From(1);

    /// <inheritdoc/>
    public override DType InputDType => Inputs.DType;

    /// <inheritdoc/>
    public override DType TargetDType => Targets.DType;

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        Gather(samples, Inputs, input);
        Gather(samples, Targets, target);
    }

    private Tensor CheckedWeights(Tensor weights)
    {
        RequireOnePerSample("sample weight", weights.Shape);
        if (!weights.DType.IsFloatingPoint())
            weights = weights.To(DType.Float32);
        var values = weights.To(DType.Float64).AsSpan<double>();
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0 && double.IsFinite(values[i])))
                throw new ArgumentException($"TensorDataset expects sample weights that are finite numbers of 0 or more, but that of sample {i} is {values[i]}.");
        }
        return weights.Detach();
    }

    private Tensor CheckedLengths(Tensor lengths)
    {
        RequireOnePerSample("length", lengths.Shape);
        if (lengths.DType != DType.Int64)
            throw new ArgumentException($"TensorDataset expects lengths of type Int64 but got {lengths.DType}. Convert them with To(DType.Int64).");
        if (Inputs.Rank < 2)
            throw ShapeException.Of(nameof(TensorDataset), "inputs (count, time, …) where there are lengths", $"inputs {Inputs.Shape}");
        var values = lengths.AsSpan<long>();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < 0 || values[i] > Inputs.Shape[1])
                throw new ArgumentException($"TensorDataset expects lengths from 0 to the {Inputs.Shape[1]} time steps of the inputs {Inputs.Shape}, but that of sample {i} is {values[i]}.");
        }
        return lengths.Detach();
    }

    private void RequireOnePerSample(string what, Shape shape)
    {
        if (shape != new Shape(Count))
            throw ShapeException.Of(nameof(TensorDataset), $"one {what} for each sample, ({Count},),", $"{shape}");
    }

    internal static void Gather(ReadOnlySpan<int> samples, Tensor source, Tensor destination)
    {
        var from = source.Bytes();
        var to = destination.Bytes();
        if (from.IsEmpty)
            return;
        var row = from.Length / source.Shape[0];
        for (var i = 0; i < samples.Length; i++)
            from.Slice(samples[i] * row, row).CopyTo(to[(i * row)..]);
    }
}
