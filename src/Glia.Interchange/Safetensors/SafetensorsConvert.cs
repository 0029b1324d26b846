using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Glia.Interchange;

/// <summary>Copies an entry's elements into another element type, a bounded piece at a time.</summary>
internal static class SafetensorsConvert
{
    private const int PieceLength = 16 * 1024;

    public static void CopyFloats<T>(SafetensorsFile file, SafetensorsEntry entry, Span<T> destination)
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

    public static void CopyIntegers(SafetensorsFile file, SafetensorsEntry entry, Span<long> destination)
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

    public static void CopyBooleans(SafetensorsFile file, SafetensorsEntry entry, Span<bool> destination)
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

    private static void Copy<TFrom, TTo>(SafetensorsFile file, SafetensorsEntry entry, Span<TTo> destination)
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
                throw SafetensorsHeader.Error(file.Source, $"a value of {SafetensorsHeader.Quote(entry.Name)} "
                    + $"({entry.DType.FormatName()}) does not fit into a 64-bit signed integer.", error);
            }
        }
    }

    private static void CopyBFloat16<T>(SafetensorsFile file, SafetensorsEntry entry, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        const int lowerBits = 16;
        var piece = new ushort[Math.Min(PieceLength, destination.Length)];
        for (var start = 0; start < destination.Length; start += PieceLength)
        {
            var source = piece.AsSpan(0, Math.Min(PieceLength, destination.Length - start));
            CopyPiece(file, entry, source, start);
            for (var i = 0; i < source.Length; i++)
                destination[start + i] = T.CreateChecked(BitConverter.UInt32BitsToSingle((uint)source[i] << lowerBits));
        }
    }

    private static void CopyPiece<T>(SafetensorsFile file, SafetensorsEntry entry, Span<T> piece, int start)
        where T : unmanaged => file.CopyTo(entry.Name, MemoryMarshal.AsBytes(piece), (long)start * entry.DType.Size());

    private static SafetensorsException WrongType(SafetensorsFile file, SafetensorsEntry entry, string expected) =>
        file.Error($"the entry {SafetensorsHeader.Quote(entry.Name)} has dtype {entry.DType.FormatName()} where {expected} was expected.");
}
