namespace Glia.Data;

/// <summary>Some samples together. Its memory is used again for a later batch of the same loader.</summary>
/// <param name="Input">(size, …).</param>
/// <param name="Target">(size, …).</param>
public readonly record struct Batch(Tensor Input, Tensor Target)
{
    /// <summary>How much each sample counts in the loss, (size,); null when all count the same.</summary>
    public Tensor? SampleWeights { get; init; }

    /// <summary>How many time steps of each sample are valid, (size,) Int64; null when all are.</summary>
    public Tensor? Lengths { get; init; }

    /// <summary>The number of samples.</summary>
    public int Size => Input.Shape[0];
}
