namespace Glia;

/// <summary>The type of a tensor's elements.</summary>
public enum DType
{
    /// <summary>32-bit floating point; the default.</summary>
    Float32,

    /// <summary>64-bit floating point, for gradient checks and science.</summary>
    Float64,

    /// <summary>32-bit signed integer.</summary>
    Int32,

    /// <summary>64-bit signed integer: class labels and indices.</summary>
    Int64,

    /// <summary>True or false, one byte.</summary>
    Bool,
}

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    /// <summary>Bytes per element.</summary>
    public static int Size(this DType dtype) => dtype switch
    {
        DType.Float32 or DType.Int32 => 4,
        DType.Float64 or DType.Int64 => 8,
        _ => 1,
    };

    /// <summary>Whether the type is Float32 or Float64, that is, whether gradients can flow through it.</summary>
    public static bool IsFloatingPoint(this DType dtype) => dtype is DType.Float32 or DType.Float64;

    internal static DType Of<T>()
    {
        if (typeof(T) == typeof(float))
            return DType.Float32;
        if (typeof(T) == typeof(double))
            return DType.Float64;
        if (typeof(T) == typeof(int))
            return DType.Int32;
        if (typeof(T) == typeof(long))
            return DType.Int64;
        if (typeof(T) == typeof(bool))
            return DType.Bool;
        throw new NotSupportedException($"Tensors hold float, double, int, long or bool, not {typeof(T).Name}.");
    }
}
