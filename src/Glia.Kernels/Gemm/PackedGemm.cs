using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// The product of large matrices: strips of A and B are copied into panels that the caches hold, and tiles of C are shared among threads.
/// The sum over k is cut the same way whatever the number of threads, so each element is computed by the same operations.
/// </summary>
internal static unsafe class PackedGemm<TKernel, T>
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A panel of B (32 columns) with this many bytes per column fills most of the first-level cache.
    private const int StepBytes = 1024;
    private const int BlockColumns = 2048;
    private const int BlockRows = 1536;
    private const int PanelsPerPiece = 4;
    private const long LargeVolume = 1 << 17;

    public static void Multiply(in GemmProblem<T> g)
    {
        var job = new Job { G = g };
        var maxSteps = StepBytes / sizeof(T);
        var large = g.Volume >= LargeVolume;
        var blockK = Even(g.K, maxSteps, 1);
        var blockN = Even(g.N, BlockColumns, TKernel.Columns);
        var blockM = Even(g.M, BlockRows, TKernel.Rows);
        job.PanelB = Scratch.Get<T>(Scratch.Slot.PanelB, (long)blockN * blockK);
        job.PanelA = Scratch.Get<T>(Scratch.Slot.PanelA, (long)blockM * blockK);

        for (job.N0 = 0; job.N0 < g.N; job.N0 += blockN)
        {
            job.Columns = Math.Min(blockN, g.N - job.N0);
            for (job.K0 = 0; job.K0 < g.K; job.K0 += blockK)
            {
                job.Steps = Math.Min(blockK, g.K - job.K0);
                for (job.M0 = 0; job.M0 < g.M; job.M0 += blockM)
                {
                    job.Rows = Math.Min(blockM, g.M - job.M0);
                    job.PiecesB = job.M0 == 0 ? Ceiling(job.Columns, TKernel.Columns * PanelsPerPiece) : 0;
                    job.Packing = true;
                    WorkerPool.For(job.PiecesB + Ceiling(job.Rows, TKernel.Rows * PanelsPerPiece), large, ref job);
                    job.Packing = false;
                    job.TileRows = TKernel.Rows * 8;
                    job.TileColumns = TKernel.Columns * (job.Columns > 16 * TKernel.Columns ? 8 : 2);
                    job.TilesAcross = Ceiling(job.Columns, job.TileColumns);
                    WorkerPool.For(job.TilesAcross * Ceiling(job.Rows, job.TileRows), large, ref job);
                }
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
        public T* PanelA, PanelB;
        public int M0, N0, K0, Rows, Columns, Steps;
        public int PiecesB, TileRows, TileColumns, TilesAcross;
        public bool Packing;

        public readonly void Run(int index)
        {
            if (!Packing)
                Tile(index / TilesAcross * TileRows, index % TilesAcross * TileColumns);
            else if (index < PiecesB)
                PackB(index * PanelsPerPiece * TKernel.Columns);
            else
                PackA((index - PiecesB) * PanelsPerPiece * TKernel.Rows);
        }

        private readonly void PackA(int row)
        {
            var end = Math.Min(row + PanelsPerPiece * TKernel.Rows, Rows);
            for (; row < end; row += TKernel.Rows)
            {
                var source = G.A + (M0 + row) * G.ARow + K0 * G.AColumn;
                Panel.Pack(source, G.ARow, G.AColumn, Math.Min(TKernel.Rows, Rows - row), TKernel.Rows, Steps, PanelA + (nint)row * Steps);
            }
        }

        private readonly void PackB(int column)
        {
            var end = Math.Min(column + PanelsPerPiece * TKernel.Columns, Columns);
            for (; column < end; column += TKernel.Columns)
            {
                var source = G.B + K0 * G.BRow + (N0 + column) * G.BColumn;
                var lanes = Math.Min(TKernel.Columns, Columns - column);
                Panel.Pack(source, G.BColumn, G.BRow, lanes, TKernel.Columns, Steps, PanelB + (nint)column * Steps);
            }
        }

        private readonly void Tile(int firstRow, int firstColumn)
        {
            var endRow = Math.Min(firstRow + TileRows, Rows);
            var endColumn = Math.Min(firstColumn + TileColumns, Columns);
            var accumulate = G.Accumulate || K0 > 0;
            for (var column = firstColumn; column < endColumn; column += TKernel.Columns)
            {
                var columns = Math.Min(TKernel.Columns, endColumn - column);
                var b = PanelB + (nint)column * Steps;
                var c = G.C + (M0 + firstRow) * G.CRow + N0 + column;
                for (var row = firstRow; row < endRow; row += TKernel.Rows, c += TKernel.Rows * G.CRow)
                {
                    var rows = Math.Min(TKernel.Rows, endRow - row);
                    TKernel.Run(Steps, PanelA + (nint)row * Steps, b, c, G.CRow, rows, columns, accumulate);
                }
            }
        }
    }
}
