namespace Glia.Data;

/// <summary>Some samples together. Its memory is used again for a later batch of the same loader.</summary>
/// <param name="Input">(size, …).</param>
/// <param name="Target">(size, …).</param>
public readonly record struct Batch(Tensor Input, Tensor Target)
{
    /// <summary>The number of samples.</summary>
    public int Size => Input.Shape[0];
}
