using System.Text.Json;
using Glia.Initializers;

namespace Glia.Layers;

/// <summary>
/// A table of learned vectors: each index of the input is replaced by its row. Input Int64 (batch, …) with values from 0 to count − 1; output
/// (batch, …, features). The table starts out normal with standard deviation 1.
/// </summary>
public sealed class Embedding : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="count">The number of rows, such as the size of a vocabulary.</param>
    /// <param name="features">The length of each vector.</param>
    /// <param name="paddingIndex">A row that starts as zeros and is not trained, such as that of a padding token; none by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the padding index is no row.</exception>
    public Embedding(int count, int features, int? paddingIndex = null, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (paddingIndex is { } index && (uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), index, $"Embedding expects a padding index from 0 to {count - 1}.");
        PaddingIndex = paddingIndex;
        Weight = Add("weight", new Parameter((count, features), dtype));
        Initialize(DefaultRng.Next());
    }

    /// <summary>The table, (count, features).</summary>
    public Parameter Weight { get; }

    /// <summary>The row that is not trained, if there is one.</summary>
    public int? PaddingIndex { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new([.. input.Sizes, Weight.Shape[1]]);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        if (input.DType is not (DType.Int64 or DType.Int32))
            throw new ArgumentException($"{Describe()} expects Int64 indices but got {input.DType}. Convert them with To(DType.Int64).");
        return Weight.Lookup(input.To(DType.Int64), PaddingIndex);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("count", Weight.Shape[0]);
        writer.WriteNumber("features", Weight.Shape[1]);
        if (PaddingIndex is { } index)
            writer.WriteNumber("paddingIndex", index);
    }

    private protected override void Initialize(Rng rng)
    {
        rng.Split("weight").FillNormal(Weight, 0, 1);
        if (PaddingIndex is { } index)
            Weight.Detach().Slice(0, index, 1).FillInPlace(0);
    }
}
