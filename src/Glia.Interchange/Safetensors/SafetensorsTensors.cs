using System.Runtime.InteropServices;

namespace Glia.Interchange;

/// <summary>Tensors to safetensors.</summary>
public static class SafetensorsTensors
{
    /// <summary>Adds a tensor; its elements are read when the file is written.</summary>
    public static void Add(this SafetensorsWriter writer, string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(tensor);
        writer.Add(name, DTypeOf(tensor), SizesOf(tensor), stream => stream.Write(BytesOf(tensor)));
    }

    /// <summary>Adds a tensor of floating point in another type of it; numbers are rounded to the nearest one, ties to even, too large ones to infinity.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="name">Not added before.</param>
    /// <param name="tensor">A tensor of Float32 or Float64.</param>
    /// <param name="dtype">F16, BF16, F32 or F64.</param>
    /// <exception cref="ArgumentException">The tensor or the type is not of floating point.</exception>
    public static void Add(this SafetensorsWriter writer, string name, Tensor tensor, SafetensorsDType dtype)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(tensor);
        if (!tensor.DType.IsFloatingPoint() || dtype is not (SafetensorsDType.F16 or SafetensorsDType.BF16 or SafetensorsDType.F32 or SafetensorsDType.F64))
            throw new ArgumentException($"A tensor of {tensor.DType} cannot be written as {dtype.FormatName()}; floating-point tensors can, as F16, BF16, F32 or F64.", nameof(dtype));
        writer.Add(name, dtype, SizesOf(tensor), stream => WeightConvert.Write(stream, tensor, dtype));
    }

    internal static long[] SizesOf(Tensor tensor) => [.. tensor.Shape.Sizes.ToArray().Select(s => (long)s)];

    internal static SafetensorsDType DTypeOf(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => SafetensorsDType.F32,
        DType.Float64 => SafetensorsDType.F64,
        DType.Int32 => SafetensorsDType.I32,
        DType.Int64 => SafetensorsDType.I64,
        _ => SafetensorsDType.Bool,
    };

    internal static ReadOnlySpan<byte> BytesOf(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => MemoryMarshal.AsBytes(tensor.AsSpan<float>()),
        DType.Float64 => MemoryMarshal.AsBytes(tensor.AsSpan<double>()),
        DType.Int32 => MemoryMarshal.AsBytes(tensor.AsSpan<int>()),
        DType.Int64 => MemoryMarshal.AsBytes(tensor.AsSpan<long>()),
        _ => MemoryMarshal.AsBytes(tensor.AsSpan<bool>()),
    };
}
