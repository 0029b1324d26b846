using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Glia.Kernels;

/// <summary>One sweep over arrays: a full register at an offset, or the few elements left at the end.</summary>
internal interface IPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    void Step<TLanes>(nuint i)
        where TLanes : struct, ILanes<TLanes, T>;

    // Never inlined, so that the inlining budget goes to the loop.
    void Tail<TLanes>(nuint i, int count)
        where TLanes : struct, ILanes<TLanes, T>;
}

/// <summary>How a pass reads and writes: by full registers, or the few elements left; so that a formula of many operands stands once.</summary>
internal unsafe interface IAccess
{
    TLanes Load<T, TLanes>(T* source, nuint i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>;

    void Store<T, TLanes>(TLanes value, T* destination, nuint i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>;
}

/// <summary>Full registers.</summary>
internal readonly unsafe struct FullAccess : IAccess
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Load<T, TLanes>(T* source, nuint i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T> => TLanes.Load(ref *source, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T, TLanes>(TLanes value, T* destination, nuint i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T> => TLanes.Store(value, ref *destination, i);
}

/// <summary>The last elements, fewer than a register holds.</summary>
internal readonly unsafe struct TailAccess(int count) : IAccess
{
    public TLanes Load<T, TLanes>(T* source, nuint i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T> => Sweep.LoadTail<T, TLanes>(source, i, count);

    public void Store<T, TLanes>(TLanes value, T* destination, nuint i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T> => Sweep.StoreTail(value, destination, i, count);
}

/// <summary>Runs passes with the widest registers at hand.</summary>
internal static unsafe class Sweep
{
    /// <summary>Elements per work item: 64 KiB of float32, so that what one pass of a chunk wrote is in L2 for the next.</summary>
    private const int ChunkLength = 1 << 14;

    /// <summary>Runs a pass over elements 0 to <paramref name="length"/> − 1, cut into chunks for the worker pool.</summary>
    public static void Run<TPass, T>(TPass pass, int length)
        where TPass : struct, IPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (IsaSupport.Current)
        {
            case Isa.Avx512: Run<TPass, T, Lanes512<T>>(pass, length); break;
            case Isa.Avx2: Run<TPass, T, Lanes256<T>>(pass, length); break;
            case Isa.Neon: Run<TPass, T, Lanes128<T>>(pass, length); break;
            default: Run<TPass, T, LanesScalar<T>>(pass, length); break;
        }
    }

    private static void Run<TPass, T, TLanes>(TPass pass, int length)
        where TPass : struct, IPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        if (length <= 2 * ChunkLength)
        {
            RunRange<TPass, T, TLanes>(pass, 0, length);
            return;
        }
        var job = new Job<TPass, T, TLanes> { Pass = pass, Length = length };
        WorkerPool.For((length + ChunkLength - 1) / ChunkLength, ref job);
    }

    private struct Job<TPass, T, TLanes> : IParallelJob
        where TPass : struct, IPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        public TPass Pass;
        public int Length;

        public void Run(int index)
        {
            var pass = Pass;
            var start = index * ChunkLength;
            RunRange<TPass, T, TLanes>(pass, start, Math.Min(ChunkLength, Length - start));
        }
    }

    // Compiled fully at once: from a profile of its first runs the compiler leaves calls inside the loop, and tanh takes five times as long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void RunRange<TPass, T, TLanes>(TPass pass, int start, int length)
        where TPass : struct, IPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        var i = (nuint)start;
        var end = i + (nuint)length;
        var width = (nuint)TLanes.Count;
        for (; i + width <= end; i += width)
            pass.Step<TLanes>(i);
        if (i < end)
            pass.Tail<TLanes>(i, (int)(end - i));
    }

    /// <summary>The last elements, computed with the same instructions as the others: loaded into a register padded with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes LoadTail<T, TLanes>(T* source, nuint i, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        Unsafe.SkipInit(out Padded padded);
        padded = default;
        new ReadOnlySpan<T>(source + i, count).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Padded, T>(ref padded), TLanes.Count));
        return TLanes.Load(ref Unsafe.As<Padded, T>(ref padded), 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTail<T, TLanes>(TLanes value, T* destination, nuint i, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        Unsafe.SkipInit(out Padded padded);
        TLanes.Store(value, ref Unsafe.As<Padded, T>(ref padded), 0);
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Padded, T>(ref padded), count).CopyTo(new Span<T>(destination + i, count));
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Padded;
}
