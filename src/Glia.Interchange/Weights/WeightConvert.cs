using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Glia.Interchange;

/// <summary>Copies an entry's elements into another element type, a bounded piece at a time.</summary>
internal static class WeightConvert
{
    private const int PieceLength = 16 * 1024;

    public static void CopyFloats<T>(WeightFile file, WeightEntry entry, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        switch (entry.DType)
        {
            case SafetensorsDType.F16:
                Copy<Half, T>(file, entry, destination);
                break;
            case SafetensorsDType.BF16:
                CopyBFloat16(file, entry, destination);
                break;
            case SafetensorsDType.F32:
                Copy<float, T>(file, entry, destination);
                break;
            case SafetensorsDType.F64:
                Copy<double, T>(file, entry, destination);
                break;
            default:
                throw WrongType(file, entry, "F16, BF16, F32 or F64");
        }
    }

    public static void CopyIntegers(WeightFile file, WeightEntry entry, Span<long> destination)
    {
        switch (entry.DType)
        {
            case SafetensorsDType.I8:
                Copy<sbyte, long>(file, entry, destination);
                break;
            case SafetensorsDType.U8:
                Copy<byte, long>(file, entry, destination);
                break;
            case SafetensorsDType.I16:
                Copy<short, long>(file, entry, destination);
                break;
            case SafetensorsDType.U16:
                Copy<ushort, long>(file, entry, destination);
                break;
            case SafetensorsDType.I32:
                Copy<int, long>(file, entry, destination);
                break;
            case SafetensorsDType.U32:
                Copy<uint, long>(file, entry, destination);
                break;
            case SafetensorsDType.I64:
                Copy<long, long>(file, entry, destination);
                break;
            case SafetensorsDType.U64:
                Copy<ulong, long>(file, entry, destination);
                break;
            default:
                throw WrongType(file, entry, "an integer type");
        }
    }

    public static void CopyBooleans(WeightFile file, WeightEntry entry, Span<bool> destination)
    {
        if (entry.DType != SafetensorsDType.Bool)
            throw WrongType(file, entry, "BOOL");
        var bytes = MemoryMarshal.AsBytes(destination);
        file.CopyTo(entry.Name, bytes);
        // A bool with any other byte would be neither equal to true nor to false.
        if (bytes.ContainsAnyExceptInRange<byte>(0, 1))
        {
            bytes.Clear();
            throw file.Error($"the entry {SafetensorsHeader.Quote(entry.Name)} of dtype BOOL holds a byte that is neither 0 nor 1.");
        }
    }

    /// <summary>Writes a floating-point tensor's numbers in another floating-point type, rounded to nearest, ties to even.</summary>
    public static void Write(Stream stream, Tensor tensor, SafetensorsDType dtype)
    {
        switch (tensor.DType, dtype)
        {
            case (DType.Float32, SafetensorsDType.F16): Write<float, Half>(stream, tensor, v => (Half)v); break;
            case (DType.Float32, SafetensorsDType.BF16): Write<float, ushort>(stream, tensor, Bfloat16.Bits); break;
            case (DType.Float32, SafetensorsDType.F64): Write<float, double>(stream, tensor, v => v); break;
            case (DType.Float64, SafetensorsDType.F16): Write<double, Half>(stream, tensor, v => (Half)v); break;
            case (DType.Float64, SafetensorsDType.BF16): Write<double, ushort>(stream, tensor, Bfloat16.Bits); break;
            case (DType.Float64, SafetensorsDType.F32): Write<double, float>(stream, tensor, v => (float)v); break;
            default: stream.Write(SafetensorsTensors.BytesOf(tensor)); break;
        }
    }

    private static void Write<TFrom, TTo>(Stream stream, Tensor tensor, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        var source = tensor.AsSpan<TFrom>();
        var piece = new TTo[Math.Min(PieceLength, source.Length)];
        for (var start = 0; start < source.Length; start += PieceLength)
        {
            var count = Math.Min(PieceLength, source.Length - start);
            for (var i = 0; i < count; i++)
                piece[i] = convert(source[start + i]);
            stream.Write(MemoryMarshal.AsBytes(piece.AsSpan(0, count)));
        }
    }

    private static void Copy<TFrom, TTo>(WeightFile file, WeightEntry entry, Span<TTo> destination)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
        {
            file.CopyTo(entry.Name, MemoryMarshal.AsBytes(destination));
            return;
        }

        var piece = new TFrom[Math.Min(PieceLength, destination.Length)];
        for (var start = 0; start < destination.Length; start += PieceLength)
        {
            var source = piece.AsSpan(0, Math.Min(PieceLength, destination.Length - start));
            CopyPiece(file, entry, source, start);
            try
            {
                TensorPrimitives.ConvertChecked<TFrom, TTo>(source, destination[start..]);
            }
            catch (OverflowException error)
            {
                throw file.Error($"a value of {SafetensorsHeader.Quote(entry.Name)} ({entry.DType.FormatName()}) does not fit into a 64-bit signed integer.", error);
            }
        }
    }

    private static void CopyBFloat16<T>(WeightFile file, WeightEntry entry, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        var piece = new ushort[Math.Min(PieceLength, destination.Length)];
        for (var start = 0; start < destination.Length; start += PieceLength)
        {
            var source = piece.AsSpan(0, Math.Min(PieceLength, destination.Length - start));
            CopyPiece(file, entry, source, start);
            for (var i = 0; i < source.Length; i++)
                destination[start + i] = T.CreateChecked(Bfloat16.Value(source[i]));
        }
    }

    private static void CopyPiece<T>(WeightFile file, WeightEntry entry, Span<T> piece, int start)
        where T : unmanaged => file.CopyTo(entry.Name, MemoryMarshal.AsBytes(piece), (long)start * entry.DType.Size());

    private static WeightFileException WrongType(WeightFile file, WeightEntry entry, string expected) =>
        file.Error($"the entry {SafetensorsHeader.Quote(entry.Name)} has dtype {entry.DType.FormatName()} where {expected} was expected.");
}
