namespace Glia.Interchange;

/// <summary>The element types of the ONNX format; the numbers are the format's.</summary>
public enum OnnxElementType
{
    /// <summary>Not said.</summary>
    Undefined = 0,

    /// <summary>32-bit floating point.</summary>
    Float = 1,

    /// <summary>8-bit unsigned integer; kept as Int32.</summary>
    UInt8 = 2,

    /// <summary>8-bit signed integer; kept as Int32.</summary>
    Int8 = 3,

    /// <summary>16-bit unsigned integer; kept as Int32.</summary>
    UInt16 = 4,

    /// <summary>16-bit signed integer; kept as Int32.</summary>
    Int16 = 5,

    /// <summary>32-bit signed integer.</summary>
    Int32 = 6,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 7,

    /// <summary>Texts; not supported.</summary>
    String = 8,

    /// <summary>Truth values.</summary>
    Bool = 9,

    /// <summary>16-bit floating point; kept as Float32.</summary>
    Float16 = 10,

    /// <summary>64-bit floating point.</summary>
    Double = 11,

    /// <summary>32-bit unsigned integer; kept as Int64.</summary>
    UInt32 = 12,

    /// <summary>64-bit unsigned integer; kept as Int64, up to its largest number.</summary>
    UInt64 = 13,

    /// <summary>Complex numbers of 32-bit parts; not supported.</summary>
    Complex64 = 14,

    /// <summary>Complex numbers of 64-bit parts; not supported.</summary>
    Complex128 = 15,

    /// <summary>The upper half of a 32-bit floating-point number; kept as Float32.</summary>
    BFloat16 = 16,
}

/// <summary>How element types of ONNX are kept in Glia's.</summary>
internal static class ElementTypes
{
    /// <summary>Whether there is a tensor for it.</summary>
    public static bool IsSupported(this OnnxElementType type) =>
        type is >= OnnxElementType.Float and <= OnnxElementType.BFloat16 and not (OnnxElementType.String or OnnxElementType.Complex64 or OnnxElementType.Complex128);

    /// <summary>The type that holds it: its own, or the next wider one.</summary>
    public static DType Storage(this OnnxElementType type) => type switch
    {
        OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.BFloat16 => DType.Float32,
        OnnxElementType.Double => DType.Float64,
        OnnxElementType.Int64 or OnnxElementType.UInt32 or OnnxElementType.UInt64 => DType.Int64,
        OnnxElementType.Bool => DType.Bool,
        _ => DType.Int32,
    };

    /// <summary>Bytes per element in a file.</summary>
    public static int Size(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool => 1,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
        _ => 8,
    };

    public static bool IsFloat(this OnnxElementType type) =>
        type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16;

    /// <summary>The ONNX type of a tensor of Glia's.</summary>
    public static OnnxElementType Of(DType dtype) => dtype switch
    {
        DType.Float32 => OnnxElementType.Float,
        DType.Float64 => OnnxElementType.Double,
        DType.Int32 => OnnxElementType.Int32,
        DType.Int64 => OnnxElementType.Int64,
        _ => OnnxElementType.Bool,
    };

    /// <summary>The smallest and largest number of an integer type.</summary>
    public static (long Low, long High) Range(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 => (0, byte.MaxValue),
        OnnxElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        OnnxElementType.UInt16 => (0, ushort.MaxValue),
        OnnxElementType.Int16 => (short.MinValue, short.MaxValue),
        OnnxElementType.Int32 => (int.MinValue, int.MaxValue),
        OnnxElementType.UInt32 => (0, uint.MaxValue),
        OnnxElementType.UInt64 => (0, long.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    public static string NameOf(OnnxElementType type) => Enum.IsDefined(type) ? type.ToString() : $"type {(int)type}";
}
