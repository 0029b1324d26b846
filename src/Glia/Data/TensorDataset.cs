namespace Glia.Data;

/// <summary>Samples in memory: row i of the inputs belongs to row i of the targets.</summary>
public sealed class TensorDataset : Dataset
{
    /// <summary>Creates the data set over two tensors, which it does not copy.</summary>
    /// <param name="inputs">(count, …).</param>
    /// <param name="targets">(count, …): Int64 class indices (count,), or numbers.</param>
    /// <exception cref="ShapeException">The numbers of rows differ.</exception>
    public TensorDataset(Tensor inputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.Rank == 0 || targets.Rank == 0 || inputs.Shape[0] != targets.Shape[0])
            throw ShapeException.Of(nameof(TensorDataset), "inputs and targets with the same number of rows", $"{inputs.Shape} and {targets.Shape}");
        Inputs = inputs;
        Targets = targets;
    }

    /// <summary>All inputs, (count, …).</summary>
    public Tensor Inputs { get; }

    /// <summary>All targets, (count, …).</summary>
    public Tensor Targets { get; }

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

    private static void Gather(ReadOnlySpan<int> samples, Tensor source, Tensor destination)
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
