using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Glia.Kernels;

namespace Glia.Memory;

/// <summary>
/// A piece of memory that tensors look into. It is an ordinary array, so spans over it keep it alive and the garbage
/// collector counts and frees it; large ones are pinned and aligned to cache lines. <see cref="Version"/> changes
/// whenever the memory is handed to somebody else, and a tensor that remembers an older version refuses to read.
/// </summary>
internal sealed class Block
{
    // An ordinary array on the young heap is cheaper than alignment is worth: taking pinned memory costs some microseconds, and leads to full collections. What is larger is not on the young heap anyway.
    private const int MostMovablePassing = 64 << 10;
    private const int MostMovableLasting = 4096;

    private readonly CacheLine[] _lines;
    private readonly nint _offset;

    public Block(long bytes, BlockUse use)
    {
        MemoryLimit.Take(bytes);
        var lines = (int)((bytes + 63) / 64);
        if (bytes <= use switch { BlockUse.Passing => MostMovablePassing, BlockUse.Lasting => MostMovableLasting, _ => -1 })
        {
            _lines = GC.AllocateUninitializedArray<CacheLine>(lines);
        }
        else
        {
            _lines = GC.AllocateUninitializedArray<CacheLine>(lines + 1, pinned: true);
            var address = Marshal.UnsafeAddrOfPinnedArrayElement(_lines, 0);
            _offset = (nint)((64 - ((long)address % 64)) % 64);
        }
        Bytes = lines * 64L;
    }

    public long Bytes { get; }

    public int Version { get; private set; }

    public void Invalidate() => Version++;

    public Span<T> Span<T>(int start, int count)
        where T : unmanaged
    {
        Debug.Assert((long)(start + count) * Unsafe.SizeOf<T>() <= Bytes, "A tensor must lie inside its block.");
        ref var first = ref Unsafe.AddByteOffset(ref Unsafe.As<CacheLine, byte>(ref MemoryMarshal.GetArrayDataReference(_lines)), _offset);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref Unsafe.As<byte, T>(ref first), start), count);
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct CacheLine;
}

/// <summary>What a block is for.</summary>
internal enum BlockUse
{
    /// <summary>Results, which are read a few times.</summary>
    Passing,

    /// <summary>Weights and the like, which are read again and again.</summary>
    Lasting,

    /// <summary>Memory of scopes, which is used again and again.</summary>
    Pooled,
}
