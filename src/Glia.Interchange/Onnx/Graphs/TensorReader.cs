using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>Tensors of a file as tensors of Glia's. Sizes are compared with the numbers that are there before memory is taken for them.</summary>
/// <param name="folder">Where files with external numbers lie; null when there is no such place.</param>
/// <param name="omitted">How many numbers may be left out, to be given later; they are zeros until then.</param>
internal sealed class TensorReader(string? folder, long omitted = 0)
{
    private const int MaxRank = 16;

    private long _omitted = omitted;

    public Value Read(TensorProto proto)
    {
        var name = OnnxText.Shorten(proto.Name);
        if (!proto.Type.IsSupported())
            throw new OnnxException($"tensor '{name}' holds {ElementTypes.NameOf(proto.Type)}, which Glia has no tensors for");
        if (proto.IsSegment)
            throw new OnnxException($"tensor '{name}' is given in segments, which Glia does not read");
        var shape = ShapeOf(proto, name);
        if (proto.IsOmitted && _omitted > 0)
        {
            _omitted -= shape.Count;
            return _omitted < 0
                ? throw new OnnxException($"tensor '{name}' {shape} and those before it have more numbers than the file")
                : new(Tensor.Zeros(shape, proto.Type.Storage()), proto.Type);
        }
        var bytes = proto.IsExternal ? ExternalData.Read(proto, folder, (long)shape.Count * proto.Type.Size()) : proto.Raw;
        var tensor = bytes is { } raw ? FromRaw(raw.Span, shape, proto.Type, name) : FromLists(proto, shape, name);
        if (proto.Type == OnnxElementType.UInt64 && tensor.AsSpan<long>().ContainsAnyInRange(long.MinValue, -1))
            throw new OnnxException($"tensor '{name}' holds unsigned numbers above {long.MaxValue}, which Glia has no tensors for");
        return new(tensor, proto.Type);
    }

    /// <summary>The numbers as the format has them, little-endian.</summary>
    public static byte[] ToRaw(Tensor tensor, OnnxElementType type)
    {
        var bytes = new byte[(long)tensor.Count * type.Size()];
        if (type.Size() == tensor.DType.Size() && BitConverter.IsLittleEndian)
        {
            tensor.Bytes().CopyTo(bytes);
            return bytes;
        }
        for (var i = 0; i < tensor.Count; i++)
        {
            var at = bytes.AsSpan(i * type.Size());
            switch (type)
            {
                case OnnxElementType.Float16: BinaryPrimitives.WriteHalfLittleEndian(at, (Half)tensor.AsSpan<float>()[i]); break;
                case OnnxElementType.BFloat16: BinaryPrimitives.WriteUInt16LittleEndian(at, Bfloat16.Bits(tensor.AsSpan<float>()[i])); break;
                case OnnxElementType.Float: BinaryPrimitives.WriteSingleLittleEndian(at, tensor.AsSpan<float>()[i]); break;
                case OnnxElementType.Double: BinaryPrimitives.WriteDoubleLittleEndian(at, tensor.AsSpan<double>()[i]); break;
                default: WriteInteger(at, (long)tensor.GetFlat(i), type.Size()); break;
            }
        }
        return bytes;
    }

    private static void WriteInteger(Span<byte> at, long value, int size)
    {
        for (var b = 0; b < size; b++)
            at[b] = (byte)(value >> (8 * b));
    }

    private static Shape ShapeOf(TensorProto proto, string name)
    {
        if (proto.Dims.Count > MaxRank)
            throw new OnnxException($"tensor '{name}' has {proto.Dims.Count} axes; at most {MaxRank} are allowed");
        var count = (Int128)1;
        foreach (var size in proto.Dims)
        {
            if (size is < 0 or > int.MaxValue)
                throw new OnnxException($"tensor '{name}' has a size of {size}");
            count *= size;
        }
        if (count > Array.MaxLength)
            throw new OnnxException($"tensor '{name}' has {count} elements; at most {Array.MaxLength} are possible");
        return new([.. proto.Dims.Select(d => (int)d)]);
    }

    private static Tensor FromRaw(ReadOnlySpan<byte> raw, Shape shape, OnnxElementType type, string name)
    {
        if (raw.Length != (long)shape.Count * type.Size())
            throw new OnnxException($"tensor '{name}' {shape} of {type} needs {(long)shape.Count * type.Size()} bytes but has {raw.Length}");
        var tensor = Tensor.AllocatePersistent(shape, type.Storage(), Device.Cpu);
        if (type == OnnxElementType.Bool)
        {
            for (var i = 0; i < raw.Length; i++)
                tensor.Span<bool>()[i] = raw[i] != 0;
        }
        else if (type.Size() == tensor.DType.Size() && BitConverter.IsLittleEndian)
        {
            raw.CopyTo(tensor.Bytes());
        }
        else if (type.IsFloat())
        {
            for (var i = 0; i < shape.Count; i++)
                tensor.SetFlat(i, ReadFloat(raw[(i * type.Size())..], type));
        }
        else if (tensor.DType == DType.Int32)
        {
            var target = tensor.Span<int>();
            for (var i = 0; i < target.Length; i++)
                target[i] = (int)ReadInteger(raw[(i * type.Size())..], type);
        }
        else
        {
            var target = tensor.Span<long>();
            for (var i = 0; i < target.Length; i++)
                target[i] = ReadInteger(raw[(i * type.Size())..], type);
        }
        return tensor;
    }

    private static double ReadFloat(ReadOnlySpan<byte> raw, OnnxElementType type) => type switch
    {
        OnnxElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(raw),
        OnnxElementType.BFloat16 => Bfloat16.Value(BinaryPrimitives.ReadUInt16LittleEndian(raw)),
        OnnxElementType.Float => BinaryPrimitives.ReadSingleLittleEndian(raw),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(raw),
    };

    private static long ReadInteger(ReadOnlySpan<byte> raw, OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 => raw[0],
        OnnxElementType.Int8 => (sbyte)raw[0],
        OnnxElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(raw),
        OnnxElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(raw),
        OnnxElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(raw),
        OnnxElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(raw),
        _ => BinaryPrimitives.ReadInt64LittleEndian(raw),
    };

    private static Tensor FromLists(TensorProto proto, Shape shape, string name)
    {
        return proto.Type switch
        {
            OnnxElementType.Float => Tensor.From<float>(CollectionsMarshal.AsSpan(Checked(proto.Floats)), shape),
            OnnxElementType.Double => Tensor.From<double>(CollectionsMarshal.AsSpan(Checked(proto.Doubles)), shape),
            OnnxElementType.Int64 => Tensor.From<long>(CollectionsMarshal.AsSpan(Checked(proto.Int64s)), shape),
            OnnxElementType.UInt32 or OnnxElementType.UInt64 => Tensor.From<long>(CollectionsMarshal.AsSpan(Checked(proto.UInt64s)), shape),
            OnnxElementType.Bool => Tensor.From(Checked(proto.Int32s).Select(x => x != 0).ToArray(), shape),
            OnnxElementType.Float16 => Tensor.From(Checked(proto.Int32s).Select(x => (float)BitConverter.UInt16BitsToHalf((ushort)x)).ToArray(), shape),
            OnnxElementType.BFloat16 => Tensor.From(Checked(proto.Int32s).Select(x => Bfloat16.Value((ushort)x)).ToArray(), shape),
            _ => Tensor.From(Checked(proto.Int32s).Select(x => (int)x).ToArray(), shape),
        };

        List<T> Checked<T>(List<T>? values) => (values?.Count ?? 0) == shape.Count
            ? values ?? []
            : throw new OnnxException($"tensor '{name}' {shape} of {proto.Type} needs {shape.Count} numbers but has {values?.Count ?? 0}");
    }
}
