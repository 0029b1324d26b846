using System.Numerics;
using Glia.Kernels;

namespace Glia.Memory;

/// <summary>Blocks waiting to be used again, by size class: powers of two and three steps between them.</summary>
internal static class MemoryPool
{
    private static readonly Stack<Block>[] Free = CreateClasses();
    private static long _created;

    /// <summary>How many blocks were ever created for the pool; it stands still once a training loop is in its stride.</summary>
    public static long Created => Interlocked.Read(ref _created);

    public static Block Rent(long bytes)
    {
        var sizeClass = SizeClass(bytes, out var rounded);
        var free = Free[sizeClass];
        lock (free)
        {
            if (free.TryPeek(out var block))
            {
                MemoryLimit.Take(block.Bytes);
                return free.Pop();
            }
        }
        Interlocked.Increment(ref _created);
        return new Block(rounded, BlockUse.Pooled);
    }

    public static void Return(Block block)
    {
        block.Invalidate();
        var free = Free[SizeClass(block.Bytes, out _)];
        lock (free)
            free.Push(block);
    }

    private static int SizeClass(long bytes, out long rounded)
    {
        bytes = Math.Max(bytes, 256);
        var log = 63 - BitOperations.LeadingZeroCount((ulong)(bytes - 1));
        var quarter = 1L << (log - 2);
        var steps = (bytes - (1L << log) + quarter - 1) / quarter;
        rounded = (1L << log) + (steps * quarter);
        return (log * 4) + (int)steps;
    }

    private static Stack<Block>[] CreateClasses()
    {
        var classes = new Stack<Block>[64 * 4 + 1];
        for (var i = 0; i < classes.Length; i++)
            classes[i] = new Stack<Block>();
        return classes;
    }
}
