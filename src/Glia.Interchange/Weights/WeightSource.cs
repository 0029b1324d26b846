namespace Glia.Interchange;

/// <summary>A tensor on its way from a file to a model: its name so far, its shape, and how to get it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shape">The shape.</param>
/// <param name="DType">The element type that holds its numbers in a file.</param>
/// <param name="Origins">The names of the file that it is made of.</param>
/// <param name="Read">Reads it.</param>
/// <param name="Entry">The entry of the file whose bytes it is; null where it is computed.</param>
internal sealed record WeightSource(string Name, Shape Shape, SafetensorsDType DType, IReadOnlyList<string> Origins, Func<Tensor> Read, WeightEntry? Entry = null)
{
    /// <summary>Whether it is of floating point.</summary>
    public bool IsFloat => IsFloating(DType);

    public static WeightSource Of(WeightFile file, WeightEntry entry, string name) => new(
        name,
        file.ShapeOf(entry),
        entry.DType,
        [entry.Name],
        () => file.ReadTensor(entry.Name),
        entry);

    /// <summary>The sum of two of the same shape.</summary>
    public WeightSource Plus(WeightSource other, string name) => Computed([.. Origins, .. other.Origins], () => Read() + other.Read(), name);

    /// <summary>The last part of a vector.</summary>
    public WeightSource Tail(int count, string name) =>
        Computed(Origins, () => Read().Slice(0, Shape.Count - count, count), name) with { Shape = new Shape(count) };

    /// <summary>Another tensor of the same shape, in the type in which it is computed.</summary>
    public WeightSource Computed(IReadOnlyList<string> origins, Func<Tensor> read, string name) =>
        this with { Name = name, Origins = origins, Read = read, Entry = null, DType = Widened(DType, keepsHalves: false) };

    /// <summary>The axes in the order that Glia has, of a weight that has Keras': the last becomes the first, the one before the second.</summary>
    public WeightSource Transposed()
    {
        if (Shape.Rank < 2)
            return this;
        int[] axes = [Shape.Rank - 1, Shape.Rank - 2, .. Enumerable.Range(0, Shape.Rank - 2)];
        return this with { Shape = new Shape([.. axes.Select(a => Shape[a])]), Read = () => Read().Permute(axes), Entry = null, DType = Widened(DType, keepsHalves: true) };
    }

    private static bool IsFloating(SafetensorsDType type) => type is SafetensorsDType.F16 or SafetensorsDType.BF16 or SafetensorsDType.F32 or SafetensorsDType.F64;

    /// <summary>The type in which a tensor that was read can be written.</summary>
    private static SafetensorsDType Widened(SafetensorsDType type, bool keepsHalves) => type switch
    {
        SafetensorsDType.F16 or SafetensorsDType.BF16 when !keepsHalves => SafetensorsDType.F32,
        SafetensorsDType.Bool or SafetensorsDType.I32 => type,
        _ => IsFloating(type) ? type : SafetensorsDType.I64,
    };
}
