namespace Glia.Interchange;

/// <summary>One tensor of a file: its name, type and shape, without its numbers.</summary>
public class WeightEntry
{
    private readonly long[] _shape;

    internal WeightEntry(string name, SafetensorsDType dtype, long[] shape, long offset, long byteLength)
    {
        Name = name;
        DType = dtype;
        _shape = shape;
        Offset = offset;
        ByteLength = byteLength;
    }

    /// <summary>The tensor's name, unique in its file.</summary>
    public string Name { get; }

    /// <summary>The type of its elements.</summary>
    public SafetensorsDType DType { get; }

    /// <summary>The size of each axis, row-major; empty for a single number. No size is negative.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The number of elements: the product of <see cref="Shape"/>.</summary>
    public long Count => ByteLength / DType.Size();

    /// <summary>The number of bytes of its elements: <see cref="Count"/> × the size of an element.</summary>
    public long ByteLength { get; }

    /// <summary>Where its bytes begin, counted as its file counts.</summary>
    internal long Offset { get; }

    /// <summary>Describes the entry as <c>name F32[2, 3]</c>.</summary>
    public override string ToString() => $"{Name} {DType.FormatName()}[{string.Join(", ", _shape)}]";
}
