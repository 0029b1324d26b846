namespace Glia.Data;

/// <summary>Data sets of one shape, one after the other.</summary>
public sealed class JoinedDataset : Dataset
{
    private readonly IReadOnlyList<Dataset> _parts;

    /// <summary>Joins data sets.</summary>
    /// <param name="parts">At least one; all with the same shapes and types.</param>
    /// <exception cref="ArgumentException">There is none, or a shape or type differs.</exception>
    public JoinedDataset(IReadOnlyList<Dataset> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
            throw new ArgumentException("JoinedDataset expects at least one data set but got none.");
        foreach (var part in parts)
        {
            if (part.InputShape != parts[0].InputShape || part.TargetShape != parts[0].TargetShape || part.InputDType != parts[0].InputDType || part.TargetDType != parts[0].TargetDType)
            {
                throw ShapeException.Of(
                    nameof(JoinedDataset), $"every part to have inputs {parts[0].InputShape} and targets {parts[0].TargetShape}", $"{part.InputShape} and {part.TargetShape}");
            }
        }
        _parts = parts;
        Count = parts.Sum(p => p.Count);
        if (parts.Any(p => p.SampleWeights is not null))
            SampleWeights = Join(parts.Select(p => p.SampleWeights?.To(DType.Float32) ?? Tensor.Ones(p.Count)));
        if (parts.Any(p => p.Lengths is not null))
            Lengths = Join(parts.Select(p => p.Lengths ?? Tensor.Full(p.Count, InputShape[0], DType.Int64)));
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override Shape InputShape => _parts[0].InputShape;

    /// <inheritdoc/>
    public override Shape TargetShape => _parts[0].TargetShape;

    /// <inheritdoc/>
    public override DType InputDType => _parts[0].InputDType;

    /// <inheritdoc/>
    public override DType TargetDType => _parts[0].TargetDType;

    /// <inheritdoc/>
    /// <remarks>Samples of parts without weights count 1.</remarks>
    public override Tensor? SampleWeights { get; }

    /// <inheritdoc/>
    /// <remarks>Samples of parts without lengths are valid to their end.</remarks>
    public override Tensor? Lengths { get; }

    /// <inheritdoc/>
    public override bool IsSlow => _parts.Any(p => p.IsSlow);

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target) => Fill(0, samples, input, target);

    /// <inheritdoc/>
    public override void Fill(int epoch, ReadOnlySpan<int> samples, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        for (var i = 0; i < samples.Length; i++)
        {
            var (part, index) = Find(samples[i]);
            part.Fill(epoch, [index], input.Detach().Slice(0, i, 1), target.Detach().Slice(0, i, 1));
        }
    }

    /// <summary>A copy that no scope gives back.</summary>
    private static Tensor Join(IEnumerable<Tensor> perSample) => Tensor.Concat(0, [.. perSample]).Clone();

    private (Dataset Part, int Index) Find(int sample)
    {
        foreach (var part in _parts)
        {
            if (sample < part.Count)
                return (part, sample);
            sample -= part.Count;
        }
        throw new ArgumentOutOfRangeException(nameof(sample));
    }
}
