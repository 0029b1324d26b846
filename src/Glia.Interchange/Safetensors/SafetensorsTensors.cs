using System.Runtime.InteropServices;

namespace Glia.Interchange;

/// <summary>Tensors to and from safetensors.</summary>
public static class SafetensorsTensors
{
    /// <summary>Adds a tensor; its elements are read when the file is written.</summary>
    public static void Add(this SafetensorsWriter writer, string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(tensor);
        long[] shape = [.. tensor.Shape.Sizes.ToArray().Select(s => (long)s)];
        writer.Add(name, DTypeOf(tensor), shape, stream => stream.Write(BytesOf(tensor)));
    }

    /// <summary>Reads a tensor: Float64, Int32, Int64 and Bool as they are, other floating-point types as Float32, other integers as Int64.</summary>
    /// <exception cref="SafetensorsException">The tensor is too large for one of Glia's.</exception>
    public static Tensor ReadTensor(this SafetensorsFile file, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        var entry = file.Entry(name);
        if (entry.Count > Array.MaxLength || entry.Shape.ContainsAnyExceptInRange(0, int.MaxValue))
            throw new SafetensorsException($"{file.Source}: tensor '{name}' has {entry.Count} elements, more than the {Array.MaxLength} that a tensor can hold.");
        var shape = new Shape([.. entry.Shape.ToArray().Select(s => (int)s)]);
        switch (entry.DType)
        {
            case SafetensorsDType.F64: return Tensor.From(file.ReadDoubles(name), shape);
            case SafetensorsDType.Bool: return Tensor.From(file.ReadBooleans(name), shape);
            case SafetensorsDType.F32 or SafetensorsDType.F16 or SafetensorsDType.BF16: return Tensor.From(file.ReadSingles(name), shape);
            case SafetensorsDType.I32: return Tensor.From(file.ReadIntegers(name), shape).To(DType.Int32);
            default: return Tensor.From(file.ReadIntegers(name), shape);
        }
    }

    private static SafetensorsDType DTypeOf(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => SafetensorsDType.F32,
        DType.Float64 => SafetensorsDType.F64,
        DType.Int32 => SafetensorsDType.I32,
        DType.Int64 => SafetensorsDType.I64,
        _ => SafetensorsDType.Bool,
    };

    private static ReadOnlySpan<byte> BytesOf(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => MemoryMarshal.AsBytes(tensor.AsSpan<float>()),
        DType.Float64 => MemoryMarshal.AsBytes(tensor.AsSpan<double>()),
        DType.Int32 => MemoryMarshal.AsBytes(tensor.AsSpan<int>()),
        DType.Int64 => MemoryMarshal.AsBytes(tensor.AsSpan<long>()),
        _ => MemoryMarshal.AsBytes(tensor.AsSpan<bool>()),
    };
}
