using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// A matrix [steps, blocks · columns] that the products of a whole sequence share, copied once into panels of two vectors of columns; every block
/// starts with a panel of its own. Each element of a product comes from the same operations however rows and panels are cut.
/// </summary>
internal unsafe struct WeightPanels<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // So many bytes per column of a panel fill most of the first-level cache.
    private const int ChunkBytes = 1024;
    private const int OneRowPanels = 4;
    private const long LargeCount = 1 << 15;

    private T* _data;
    private int _steps;
    private int _blocks;
    private int _columns;

    /// <summary>Columns of a panel.</summary>
    public static int Width => 2 * S.Count;

    /// <summary>Panels of one block.</summary>
    public int Panels { get; private set; }

    /// <summary>Copies a matrix whose element (p, j) is <c>weight[p * stepStride + j * columnStride]</c>.</summary>
    public static WeightPanels<S, V, T> Pack(Scratch.Slot slot, T* weight, nint stepStride, nint columnStride, int steps, int blocks, int columns)
    {
        var panels = new WeightPanels<S, V, T> { _steps = steps, _blocks = blocks, _columns = columns, Panels = (columns + Width - 1) / Width };
        var count = (long)blocks * panels.Panels * steps * Width;
        panels._data = Scratch.Get<T>(slot, count);
        var job = new PackJob { To = panels, Weight = weight, StepStride = stepStride, ColumnStride = columnStride };
        WorkerPool.For(blocks * panels.Panels, count >= LargeCount, ref job);
        return panels;
    }

    /// <summary>C = A·B (+ C) for the panels from <paramref name="first"/> to before <paramref name="end"/> in every block; A's rows are read where they lie.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="a">A.</param>
    /// <param name="lda">The distance between A's rows.</param>
    /// <param name="first">The first panel.</param>
    /// <param name="end">The panel after the last.</param>
    /// <param name="c">C, with the blocks' columns one after the other.</param>
    /// <param name="ldc">The distance between C's rows.</param>
    /// <param name="accumulate">Whether to add to C.</param>
    /// <param name="descending">Whether the last panel comes first: what the product before used last is still in the cache.</param>
    public readonly void Multiply(int rows, T* a, nint lda, int first, int end, T* c, nint ldc, bool accumulate, bool descending)
    {
        var count = end - first;
        var stride = rows == 1 ? OneRowPanels : 1;
        var perBlock = (count + stride - 1) / stride;
        for (var i = 0; i < _blocks * perBlock; i++)
        {
            var at = descending ? (_blocks * perBlock) - 1 - i : i;
            var (block, panel) = (at / perBlock, first + (at % perBlock * stride));
            var group = Math.Min(stride, end - panel);
            var column = panel * Width;
            var b = _data + ((((nint)block * Panels) + panel) * _steps * Width);
            var target = c + ((nint)block * _columns) + column;
            if (group == OneRowPanels && column + (OneRowPanels * Width) <= _columns)
            {
                OneRow(a, b, target, accumulate);
                continue;
            }
            for (; group > 0; group--, column += Width, b += (nint)_steps * Width, target += Width)
                Product(rows, a, lda, b, Math.Min(Width, _columns - column), target, ldc, accumulate);
        }
    }

    private readonly void Product(int rows, T* a, nint lda, T* b, int columns, T* c, nint ldc, bool accumulate)
    {
        for (var k = 0; k < _steps; k += ChunkBytes / sizeof(T))
        {
            var steps = Math.Min(ChunkBytes / sizeof(T), _steps - k);
            for (nint row = 0; row < rows;)
            {
                var tile = Tile(rows - (int)row);
                MicroKernel6<S, V, T>.RunStrided(steps, a + (row * lda) + k, lda, 1, b + ((nint)k * Width), Width, c + (row * ldc), ldc, tile, columns, accumulate || k > 0);
                row += tile;
            }
        }
    }

    // Tiles of 6 and 4 rows, such that at most one row is computed in vain from 3 rows on.
    private static int Tile(int rows) => Math.Min(rows, rows >= 10 || rows is 5 or 6 ? 6 : 4);

    // One row has too few sums in one panel to keep the multipliers busy, so it takes four panels at once.
    private readonly void OneRow(T* a, T* b, T* c, bool accumulate)
    {
        var zero = default(V);
        var next = (nint)_steps * Width;
        for (nint k = 0; k < _steps;)
        {
            V s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
            var end = Math.Min(_steps, k + (ChunkBytes / sizeof(T)));
            var isFirst = k == 0;
            for (; k < end; k++)
            {
                var x = S.Broadcast(a[k]);
                s0 = S.MultiplyAdd(x, S.Load(b), s0);
                s1 = S.MultiplyAdd(x, S.Load(b + S.Count), s1);
                s2 = S.MultiplyAdd(x, S.Load(b + next), s2);
                s3 = S.MultiplyAdd(x, S.Load(b + next + S.Count), s3);
                s4 = S.MultiplyAdd(x, S.Load(b + (2 * next)), s4);
                s5 = S.MultiplyAdd(x, S.Load(b + (2 * next) + S.Count), s5);
                s6 = S.MultiplyAdd(x, S.Load(b + (3 * next)), s6);
                s7 = S.MultiplyAdd(x, S.Load(b + (3 * next) + S.Count), s7);
                b += 2 * S.Count;
            }
            var add = accumulate || !isFirst;
            Store(c, s0, add);
            Store(c + S.Count, s1, add);
            Store(c + (2 * S.Count), s2, add);
            Store(c + (3 * S.Count), s3, add);
            Store(c + (4 * S.Count), s4, add);
            Store(c + (5 * S.Count), s5, add);
            Store(c + (6 * S.Count), s6, add);
            Store(c + (7 * S.Count), s7, add);
        }
    }

    private static void Store(T* c, V sum, bool accumulate) => S.Store(c, accumulate ? S.Add(S.Load(c), sum) : sum);

    private struct PackJob : IParallelJob
    {
        public WeightPanels<S, V, T> To;
        public T* Weight;
        public nint StepStride;
        public nint ColumnStride;

        public readonly void Run(int index)
        {
            var (block, column) = (index / To.Panels, index % To.Panels * Width);
            var source = Weight + ((((nint)block * To._columns) + column) * ColumnStride);
            Panel.Pack(source, ColumnStride, StepStride, Math.Min(Width, To._columns - column), Width, To._steps, To._data + ((nint)index * To._steps * Width));
        }
    }
}
