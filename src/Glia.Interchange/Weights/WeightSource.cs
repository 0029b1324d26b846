namespace Glia.Interchange;

/// <summary>A tensor on its way from a file to a model: its name so far, its shape, and how to get it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shape">The shape.</param>
/// <param name="IsFloat">Whether it is of floating point.</param>
/// <param name="Origins">The names of the file that it is made of.</param>
/// <param name="Read">Reads it.</param>
internal sealed record WeightSource(string Name, Shape Shape, bool IsFloat, IReadOnlyList<string> Origins, Func<Tensor> Read)
{
    public static WeightSource Of(WeightFile file, WeightEntry entry, string name) => new(
        name,
        file.ShapeOf(entry),
        entry.DType is SafetensorsDType.F16 or SafetensorsDType.BF16 or SafetensorsDType.F32 or SafetensorsDType.F64,
        [entry.Name],
        () => file.ReadTensor(entry.Name));

    /// <summary>The sum of two of the same shape.</summary>
    public WeightSource Plus(WeightSource other, string name) => new(name, Shape, IsFloat, [.. Origins, .. other.Origins], () => Read() + other.Read());

    /// <summary>The last part of a vector.</summary>
    public WeightSource Tail(int count, string name) => this with { Name = name, Shape = new Shape(count), Read = () => Read().Slice(0, Shape.Count - count, count) };

    /// <summary>The axes in the order that Glia has, of a weight that has Keras': the last becomes the first, the one before the second.</summary>
    public WeightSource Transposed()
    {
        if (Shape.Rank < 2)
            return this;
        int[] axes = [Shape.Rank - 1, Shape.Rank - 2, .. Enumerable.Range(0, Shape.Rank - 2)];
        return this with { Shape = new Shape([.. axes.Select(a => Shape[a])]), Read = () => Read().Permute(axes) };
    }
}
