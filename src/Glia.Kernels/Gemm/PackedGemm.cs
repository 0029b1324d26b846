using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// The product of large matrices: strips of A and B are copied into panels that the caches hold. One of them is packed first, for all threads; then each thread
/// packs strips of the longer one for itself and multiplies them while they are near; rows of A that meet few columns are read where they lie. The sum over k is cut the same way whatever the number of threads, so
/// each element is computed by the same operations.
/// </summary>
internal static unsafe class PackedGemm<TKernel, T>
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A panel of B (32 columns) with this many bytes per column fills most of the first-level cache.
    private const int StepBytes = 1024;

    // Shared panels of as many bytes are packed at a time, for several blocks of k where they are narrow: fewer times that threads meet.
    private const int GroupBytes = 1 << 20;
    private const int BlockColumns = 2048;
    private const int PanelsPerPiece = 4;
    private const int MostRowPanels = 8;
    private const int MostColumnPanels = 4;

    // From so many rows on there is work enough to share by rows; below, it is shared by columns.
    private const int TallRows = 240;

    // Below this threads take longer to meet than to multiply.
    private const long LargeVolume = 1 << 20;

    // Up to so many numbers every thread packs the shared panels itself, which is quicker than fetching what another processor has just written.
    private const int FewNumbers = 1 << 16;

    // Columns of A lie far apart; so few steps of them stay in the nearest cache.
    private const int FewSteps = 64;

    // From so many columns on the panels of B are worth the reading again of A.
    private const int ManyColumns = 192;

    private static long _jobs;

    // The job whose shared panels this thread has packed.
    [ThreadStatic]
    private static long _packed;

    public static void Multiply(in GemmProblem<T> g)
    {
        var job = new Job { G = g };
        job.ReadsRows = g.M >= TallRows && g.N <= TKernel.ColumnsInPlace && (g.AColumn == 1 || (g.ARow == 1 && g.K <= FewSteps));
        // Rows that the second-level cache holds are read again for each panel of B, which then need not be kept.
        var isNear = job.ReadsRows && g.AColumn == 1 && g.N >= ManyColumns && (long)g.M * g.K <= FewNumbers;
        job.IsTall = g.M >= TallRows && !isNear;
        var large = g.Volume >= LargeVolume;
        var blockN = job.IsTall ? Even(g.N, BlockColumns, TKernel.Columns) : g.N;
        var lanes = job.IsTall ? blockN : Ceiling(g.M, TKernel.Rows) * TKernel.Rows;
        job.BlockK = Even(g.K, StepBytes / sizeof(T), 1);
        job.SharedLanes = lanes;
        var blocks = Math.Clamp(GroupBytes / (lanes * job.BlockK * sizeof(T)), 1, Ceiling(g.K, job.BlockK));
        var group = (int)Math.Min(g.K, (long)blocks * job.BlockK);
        job.Number = !isNear && (long)lanes * g.K <= FewNumbers && g.N <= blockN ? Interlocked.Increment(ref _jobs) : 0;
        if (job.Number > 0 || isNear)
            group = g.K;
        else
            job.Shared = Scratch.Get<T>(Scratch.Slot.SharedPanel, (long)lanes * group);
        for (job.N0 = 0; job.N0 < g.N; job.N0 += blockN)
        {
            job.Columns = Math.Min(blockN, g.N - job.N0);
            var (shared, own) = job.IsTall ? (job.Columns, g.M) : (g.M, job.Columns);
            job.Pieces = Ceiling(shared, job.PieceLanes);
            // As many items as balance the threads, of at least two panels of rows or one of columns.
            job.ItemLanes = job.IsTall
                ? TKernel.Rows * Math.Clamp(Ceiling(Ceiling(own, TKernel.Rows), 16), 2, MostRowPanels)
                : TKernel.Columns * Math.Clamp(Ceiling(Ceiling(own, TKernel.Columns), 8), 1, MostColumnPanels);
            for (job.K0 = 0; job.K0 < g.K; job.K0 += group)
            {
                job.K1 = Math.Min(g.K, job.K0 + group);
                job.Blocks = Ceiling(job.K1 - job.K0, job.BlockK);
                if (job.Shared != null)
                {
                    job.Packing = true;
                    WorkerPool.For(job.Pieces * job.Blocks, large, ref job);
                    job.Packing = false;
                }
                WorkerPool.For(Ceiling(own, job.ItemLanes), large, ref job);
            }
        }
    }

    private static int Ceiling(int value, int unit) => (value - 1) / unit + 1;

    // The size of equal blocks of at most about `most`, a multiple of `unit`.
    private static int Even(int total, int most, int unit)
    {
        var blocks = Ceiling(total, most);
        return Ceiling(Ceiling(total, blocks), unit) * unit;
    }

    private struct Job : IParallelJob
    {
        public GemmProblem<T> G;
        public T* Shared;
        public long Number;
        public bool IsTall, ReadsRows, Packing;
        public int N0, Columns, K0, K1, BlockK, Blocks, SharedLanes, Pieces, ItemLanes;

        /// <summary>Whether rows are read where they lie and columns packed by the thread that multiplies them.</summary>
        public readonly bool SharesNothing => ReadsRows && !IsTall;

        public readonly int PieceLanes => PanelsPerPiece * (IsTall ? TKernel.Columns : TKernel.Rows);

        public readonly void Run(int index)
        {
            if (Packing)
            {
                var (block, piece) = Math.DivRem(index, Pieces);
                var first = piece * PieceLanes;
                Pack(IsTall, block, first, PieceLanes, SharedOf(Shared, block) + (nint)first * StepsOf(block));
                return;
            }
            var shared = Shared;
            if (shared == null && !SharesNothing)
            {
                shared = Scratch.Get<T>(Scratch.Slot.SharedPanel, (long)SharedLanes * G.K);
                for (var block = 0; block < Blocks && _packed != Number; block++)
                    Pack(IsTall, block, 0, SharedLanes, SharedOf(shared, block));
                _packed = Number;
            }
            Item(index * ItemLanes, shared);
        }

        private readonly int StepsOf(int block) => Math.Min(BlockK, K1 - K0 - block * BlockK);

        private readonly T* SharedOf(T* shared, int block) => shared + (nint)block * BlockK * SharedLanes;

        /// <summary>Packs columns of B, or rows of A, of one block of k.</summary>
        private readonly void Pack(bool columns, int block, int first, int count, T* panels)
        {
            nint k = K0 + block * BlockK;
            if (columns)
            {
                var source = G.B + k * G.BRow + (N0 + first) * G.BColumn;
                Panel.PackAll(source, G.BColumn, G.BRow, Math.Min(count, Columns - first), TKernel.Columns, StepsOf(block), panels);
            }
            else
            {
                var source = G.A + first * G.ARow + k * G.AColumn;
                Panel.PackAll(source, G.ARow, G.AColumn, Math.Min(count, G.M - first), TKernel.Rows, StepsOf(block), panels);
            }
        }

        private readonly void Item(int first, T* shared)
        {
            var own = ReadsRows && IsTall ? null : Scratch.Get<T>(Scratch.Slot.Panel, (long)ItemLanes * BlockK);
            for (var block = 0; block < Blocks; block++)
            {
                var steps = StepsOf(block);
                if (own != null)
                    Pack(!IsTall, block, first, ItemLanes, own);
                var (firstRow, rows) = IsTall ? (first, Math.Min(ItemLanes, G.M - first)) : (0, G.M);
                var (firstColumn, columns) = IsTall ? (0, Columns) : (first, Math.Min(ItemLanes, Columns - first));
                var a = ReadsRows ? G.A + firstRow * G.ARow + (K0 + (nint)block * BlockK) * G.AColumn : IsTall ? own : SharedOf(shared, block);
                Tiles(firstRow, rows, a, ReadsRows ? G.ARow : steps, firstColumn, columns, IsTall ? SharedOf(shared, block) : own, steps, G.Accumulate || K0 + block > 0);
            }
        }

        /// <summary>C[rows, columns] from panels of B and from A, in panels or where it lies; the next tile's rows begin as many times <paramref name="aRow"/> further on as a tile has rows.</summary>
        private readonly void Tiles(int firstRow, int rows, T* a, nint aRow, int firstColumn, int columns, T* b, int steps, bool accumulate)
        {
            for (var column = 0; column < columns; column += TKernel.Columns)
            {
                var c = G.C + firstRow * G.CRow + N0 + firstColumn + column;
                for (var row = 0; row < rows; row += TKernel.Rows, c += TKernel.Rows * G.CRow)
                {
                    var (height, width) = (Math.Min(TKernel.Rows, rows - row), Math.Min(TKernel.Columns, columns - column));
                    if (ReadsRows)
                        TKernel.RunInPlace(steps, a + row * aRow, aRow, G.AColumn, b + (nint)column * steps, c, G.CRow, height, width, accumulate);
                    else
                        TKernel.Run(steps, a + row * aRow, b + (nint)column * steps, c, G.CRow, height, width, accumulate);
                }
            }
        }
    }
}
