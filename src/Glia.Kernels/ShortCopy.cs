using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>Copies short runs of numbers: a call of the library's copy takes longer than a row of a small image, and masked stores are slow on some processors.</summary>
internal static unsafe class ShortCopy
{
    /// <summary>Copies <paramref name="count"/> numbers of 4 or 8 bytes between places that do not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T>(T* from, T* to, int count)
        where T : unmanaged => Bytes((byte*)from, (byte*)to, (nint)count * sizeof(T));

    /// <summary>Copies several rows of <paramref name="count"/> numbers; a row begins a stride of numbers after the one before.</summary>
    public static void Rows<T>(T* from, nint fromStride, T* to, nint toStride, int rows, int count)
        where T : unmanaged
    {
        var bytes = (nint)count * sizeof(T);
        if (bytes is >= 16 and <= 32)
        {
            for (; rows > 0; rows--, from += fromStride, to += toStride)
                TwoHalves((byte*)from, (byte*)to, bytes);
            return;
        }
        for (; rows > 0; rows--, from += fromStride, to += toStride)
            Bytes((byte*)from, (byte*)to, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoHalves(byte* from, byte* to, nint bytes)
    {
        var last = Vector128.Load(from + bytes - 16);
        Vector128.Load(from).Store(to);
        last.Store(to + bytes - 16);
    }

    // The end is copied by a whole register that begins early enough.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bytes(byte* from, byte* to, nint bytes)
    {
        if (bytes >= 32)
        {
            for (nint i = 0; i < bytes - 32; i += 32)
                Vector256.Load(from + i).Store(to + i);
            Vector256.Load(from + bytes - 32).Store(to + bytes - 32);
        }
        else if (bytes >= 16)
        {
            TwoHalves(from, to, bytes);
        }
        else if (bytes >= 8)
        {
            var last = Unsafe.ReadUnaligned<ulong>(from + bytes - 8);
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ulong>(from));
            Unsafe.WriteUnaligned(to + bytes - 8, last);
        }
        else if (bytes > 0)
        {
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<uint>(from));
        }
    }
}
