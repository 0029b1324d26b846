namespace Glia.Interchange;

/// <summary>
/// The element type of a safetensors entry, under the format's own names. The order is the format's: a writer puts entries with a higher
/// value first, so that every entry is aligned to its element size.
/// </summary>
public enum SafetensorsDType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>8-bit float with 5 exponent and 2 mantissa bits (<c>F8_E5M2</c>); available as raw bytes only.</summary>
    F8E5M2,

    /// <summary>8-bit float with 4 exponent and 3 mantissa bits (<c>F8_E4M3</c>); available as raw bytes only.</summary>
    F8E4M3,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE 754 half precision, <see cref="Half"/>.</summary>
    F16,

    /// <summary>The upper 16 bits of a 32-bit float.</summary>
    BF16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE 754 single precision, <see cref="float"/>.</summary>
    F32,

    /// <summary>IEEE 754 double precision, <see cref="double"/>.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}

internal static class SafetensorsDTypes
{
    // Indexed by the enum's value.
    private static readonly (string Name, int Size)[] Table =
    [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E5M2", 1), ("F8_E4M3", 1), ("I16", 2), ("U16", 2), ("F16", 2), ("BF16", 2),
        ("I32", 4), ("U32", 4), ("F32", 4), ("F64", 8), ("I64", 8), ("U64", 8),
    ];

    public static string AllNames => string.Join(", ", Table.Select(row => row.Name));

    public static int Size(this SafetensorsDType dtype) => Table[(int)dtype].Size;

    public static string FormatName(this SafetensorsDType dtype) => Table[(int)dtype].Name;

    public static bool TryParse(string name, out SafetensorsDType dtype)
    {
        var index = Array.FindIndex(Table, row => row.Name == name);
        dtype = (SafetensorsDType)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>The bytes that a shape takes, or null when that does not fit into 63 bits or a size is negative.</summary>
    public static long? ByteLength(this SafetensorsDType dtype, ReadOnlySpan<long> shape)
    {
        UInt128 bytes = (UInt128)dtype.Size();
        foreach (var size in shape)
        {
            if (size < 0)
                return null;
            bytes *= (UInt128)size;
            if (bytes > long.MaxValue)
                return null;
        }

        return (long)bytes;
    }
}
