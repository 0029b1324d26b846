using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Glia.Kernels;

/// <summary>Working memory of a thread, kept and reused from call to call. Each use has its own slot.</summary>
internal static unsafe class Scratch
{
    internal enum Slot
    {
        SharedPanel,
        Panel,
        Vector,
        Padded,
        PaddedGradient,
        Weights,
        Offsets,
        Passes,
        Tile,
        Block,
        Positions,
        Transposed,
        Recurrent,
        RecurrentWeights,
        InputWeights,
        Rounds,
        Attention,
        Frequencies,
        GradientFrequencies,
        Products,
        TileValues,
        Count,
    }

    private const int Alignment = 64;

    [ThreadStatic]
    private static byte[]?[]? _buffers;

    /// <summary>Room for <paramref name="count"/> numbers, aligned to 64 bytes, holding anything; valid until the slot is next asked for on this thread.</summary>
    public static T* Get<T>(Slot slot, long count)
        where T : unmanaged
    {
        var buffers = _buffers ??= new byte[]?[(int)Slot.Count];
        var bytes = checked(count * sizeof(T) + Alignment);
        var buffer = buffers[(int)slot];
        if (buffer is null || buffer.Length < bytes)
            buffer = buffers[(int)slot] = Grow(bytes);
        return Aligned<T>(buffer);
    }

    /// <summary>A buffer of its own for <see cref="Aligned"/>, pinned.</summary>
    public static byte[] NewBuffer<T>(long count)
        where T : unmanaged => NewPinned(checked(count * sizeof(T) + Alignment));

    /// <summary>The first number of a pinned buffer at a multiple of 64 bytes.</summary>
    public static T* Aligned<T>(byte[] buffer)
        where T : unmanaged
    {
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(buffer));
        return (T*)((address + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    // Powers of two, so that a slowly growing need settles.
    private static byte[] Grow(long bytes) => NewPinned(bytes <= 1 << 30 ? (long)BitOperations.RoundUpToPowerOf2((ulong)bytes) : bytes);

    // Pinned, so that the address stays good.
    private static byte[] NewPinned(long bytes)
    {
        MemoryLimit.Take(bytes);
        return GC.AllocateUninitializedArray<byte>(checked((int)bytes), pinned: true);
    }
}
