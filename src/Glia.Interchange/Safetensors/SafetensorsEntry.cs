namespace Glia.Interchange;

/// <summary>One tensor of a safetensors file: its name, type, shape and place, without its data.</summary>
public sealed class SafetensorsEntry
{
    private readonly long[] _shape;

    internal SafetensorsEntry(string name, SafetensorsDType dtype, long[] shape, long offset, long byteLength)
    {
        Name = name;
        DType = dtype;
        _shape = shape;
        Offset = offset;
        ByteLength = byteLength;
    }

    /// <summary>The entry's name, unique in its file.</summary>
    public string Name { get; }

    /// <summary>The type of its elements.</summary>
    public SafetensorsDType DType { get; }

    /// <summary>The size of each axis, row-major; empty for a single number. No size is negative.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The number of elements: the product of <see cref="Shape"/>.</summary>
    public long Count => ByteLength / DType.Size();

    /// <summary>The number of bytes of its data: <see cref="Count"/> × the size of an element.</summary>
    public long ByteLength { get; }

    /// <summary>Where its data begins, counted from the first byte after the header.</summary>
    internal long Offset { get; }

    /// <summary>Describes the entry as <c>name F32[2, 3]</c>.</summary>
    public override string ToString() => $"{Name} {DType.FormatName()}[{string.Join(", ", _shape)}]";
}
