using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// One pass of a convolution: for every position p of a lattice over padded planes, out[m, p] = Σ_s weights[m, s] · data[p + offset[s]].
/// A step s is a pair of source channel and tap.
/// </summary>
internal unsafe struct TapPass<T>
    where T : unmanaged
{
    public int Steps;
    public nint* Offsets;

    /// <summary>Packed weights: for each group, panels of the micro-kernel's rows.</summary>
    public T* Weights;

    /// <summary>Where the lattice starts in the output, and its positions along each axis.</summary>
    public int StartD, StartH, StartW, CountD, CountH, CountW;

    public readonly bool IsEmpty => CountD == 0 || CountH == 0 || CountW == 0;
}

/// <summary>
/// Convolution as a product of weights with shifted views of padded planes. Neighbouring positions are neighbours in memory for every tap,
/// so no matrix of patches is built: row s of the right-hand side is simply the planes read from offset[s] on. Positions at the ends of
/// padded rows, which no window has, are computed and dropped.
/// </summary>
internal static unsafe class TapProduct<S, V, TKernel, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int StepBytes = 1024;
    private const int StripBytes = 16 << 10;
    private const int ManyImages = 8;
    private const long PieceVolume = 1 << 19;
    private const long ChunkBytes = 2 << 20;
    private const long LargeWeightBytes = 512 << 10;

    /// <summary>The output's planes and the distance between neighbours of a lattice.</summary>
    internal struct Target
    {
        public T* Data;
        public int Groups, Rows, Depth, Height, Width, StepD, StepH, StepW;

        public readonly nint Plane => (nint)Depth * Height * Width;
    }

    /// <summary>Numbers that packed weights take for all groups.</summary>
    public static long PackedSize(int groups, int rows, int steps) => (long)groups * Panels(rows) * TKernel.Rows * steps;

    /// <summary>Where a panel of a group's packed weights begins.</summary>
    public static T* Panel(T* packed, int group, int rows, int steps, int panel)
        => packed + ((nint)group * Panels(rows) + panel) * TKernel.Rows * steps;

    public static int Panels(int rows) => (rows - 1) / TKernel.Rows + 1;

    public static void Run(int batch, PaddedPlanes<T> planes, ReadOnlySpan<TapPass<T>> passes, in Target target)
    {
        if (!planes.IsSource && batch >= ManyImages)
        {
            RunImages(batch, planes, passes, target);
            return;
        }
        var chunk = planes.IsSource ? batch : Math.Clamp((int)Math.Min(ChunkBytes / sizeof(T) / planes.ImageStride, batch), 1, batch);
        if (!planes.IsSource)
            planes.Data = Scratch.Get<T>(Scratch.Slot.Padded, chunk * (long)planes.ImageStride);
        for (var image = 0; image < batch; image += chunk)
        {
            var images = Math.Min(chunk, batch - image);
            if (!planes.IsSource)
            {
                PadJob<T>.Fill(planes, image, images);
            }
            var from = planes.IsSource ? planes.Data + image * planes.ImageStride : planes.Data;
            foreach (var pass in passes)
            {
                if (!pass.IsEmpty)
                    RunPass(image, images, from, planes, pass, target);
            }
        }
    }

    // Images for each thread: what it pads, it also reads, in its own cache.
    private static void RunImages(int batch, in PaddedPlanes<T> planes, ReadOnlySpan<TapPass<T>> passes, in Target target)
    {
        long volume = 0;
        foreach (var pass in passes)
            volume += (long)target.Groups * target.Rows * pass.Steps * pass.CountD * pass.CountH * pass.CountW;
        fixed (TapPass<T>* first = passes)
        {
            var job = new ImagesJob { Batch = batch, Planes = planes, Passes = first, PassCount = passes.Length, Target = target };
            job.ImagesPerPiece = (int)Math.Clamp(PieceVolume / Math.Max(volume, 1), 1, (batch - 1) / (ManyImages / 2) + 1);
            WorkerPool.For((batch - 1) / job.ImagesPerPiece + 1, ref job);
        }
    }

    private static void RunPass(int firstImage, int images, T* data, in PaddedPlanes<T> planes, in TapPass<T> pass, in Target target)
    {
        var job = PassJob(firstImage, images, data, planes, pass, target);
        WorkerPool.For((job.AllBlocks - 1) / job.BlocksPerPiece + 1, ref job);
    }

    private static Job PassJob(int firstImage, int images, T* data, in PaddedPlanes<T> planes, in TapPass<T> pass, in Target target)
    {
        var positions = planes.Span(pass.CountD, pass.CountH, pass.CountW);
        // Weights that the second-level cache does not hold serve several panels of positions each time they come by.
        var panels = PackedSize(1, target.Rows, pass.Steps) * sizeof(T) > LargeWeightBytes ? 4 : 1;
        var width = target.Rows == 1 ? 16 * S.Count : panels * TKernel.Columns;
        // Sums that are copied to their places afterwards are held for whole rows of the output, as far as they stay in the first-level cache.
        if (target.Rows > 1 && !Job.IsInPlaceFor(planes, pass, target))
        {
            var most = Math.Min(StripBytes / sizeof(T) / target.Rows, PieceVolume / ((long)target.Rows * pass.Steps));
            width = (int)Math.Max(width, Math.Min(most, positions + TKernel.Columns - 1) / TKernel.Columns * TKernel.Columns);
        }
        var blocks = (int)((positions - 1) / width + 1);
        var blockVolume = (long)target.Rows * pass.Steps * width;
        var allBlocks = checked(images * target.Groups * blocks);
        var blocksPerPiece = (int)Math.Clamp(PieceVolume / Math.Max(blockVolume, 1), 1, allBlocks);
        return new Job
        {
            FirstImage = firstImage,
            Data = data,
            Planes = planes,
            Pass = pass,
            Target = target,
            Positions = positions,
            Width = width,
            Blocks = blocks,
            AllBlocks = allBlocks,
            BlocksPerPiece = blocksPerPiece,
        };
    }

    private struct ImagesJob : IParallelJob
    {
        public int Batch, PassCount, ImagesPerPiece;
        public PaddedPlanes<T> Planes;
        public TapPass<T>* Passes;
        public Target Target;

        public readonly void Run(int index)
        {
            var end = (int)Math.Min((index + 1L) * ImagesPerPiece, Batch);
            var planes = Planes;
            planes.Data = Scratch.Get<T>(Scratch.Slot.Block, planes.ImageStride);
            for (var image = index * ImagesPerPiece; image < end; image++)
            {
                planes.FillImage(image, clear: image == index * ImagesPerPiece);
                for (var i = 0; i < PassCount; i++)
                {
                    if (!Passes[i].IsEmpty)
                        PassJob(image, 1, planes.Data, planes, Passes[i], Target).RunAll();
                }
            }
        }
    }

    private struct Job : IParallelJob
    {
        public int FirstImage, Width, Blocks, AllBlocks, BlocksPerPiece;
        public nint Positions;
        public T* Data;
        public PaddedPlanes<T> Planes;
        public TapPass<T> Pass;
        public Target Target;

        public readonly void RunAll()
        {
            for (var i = 0; i < (AllBlocks - 1) / BlocksPerPiece + 1; i++)
                Run(i);
        }

        public readonly void Run(int index)
        {
            var sums = IsInPlace ? null : Scratch.Get<T>(Scratch.Slot.Tile, (long)Target.Rows * Width);
            var end = (int)Math.Min((long)(index + 1) * BlocksPerPiece, AllBlocks);
            for (var block = index * BlocksPerPiece; block < end; block++)
                RunBlock(block / Blocks / Target.Groups, block / Blocks % Target.Groups, (nint)(block % Blocks) * Width, sums);
        }

        private readonly void RunBlock(int image, int group, nint position, T* sums)
        {
            var columns = (int)Math.Min(Width, Positions - position);
            var from = Data + image * Planes.ImageStride + (nint)group * (Planes.Planes / Target.Groups) * Planes.PlaneStride;
            var to = Target.Data + ((nint)(FirstImage + image) * Target.Groups + group) * Target.Rows * Target.Plane;
            if (sums == null)
            {
                Multiply(group, from + position, to + position, Target.Plane, columns);
                return;
            }
            Multiply(group, from + position, sums, Width, columns);
            Scatter(sums, to, position, columns);
        }

        // Whether every position is an output and they lie in the same order.
        private readonly bool IsInPlace => IsInPlaceFor(Planes, Pass, Target);

        public static bool IsInPlaceFor(in PaddedPlanes<T> planes, in TapPass<T> pass, in Target target) => target is { StepD: 1, StepH: 1, StepW: 1 }
            && planes.RowLength == pass.CountW && (planes.Height.Length == pass.CountH || pass.CountD == 1);

        private readonly void Multiply(int group, T* data, T* sums, nint stride, int columns)
        {
            if (Target.Rows == 1)
            {
                var weights = Panel(Pass.Weights, group, 1, Pass.Steps, 0);
                VectorProducts<S, V, T>.TapRow(Pass.Steps, weights, TKernel.Rows, data, Pass.Offsets, sums, columns);
                return;
            }
            var most = StepBytes / sizeof(T);
            for (var step = 0; step < Pass.Steps; step += most)
            {
                var steps = Math.Min(most, Pass.Steps - step);
                for (var row = 0; row < Target.Rows; row += TKernel.Rows)
                {
                    var weights = Panel(Pass.Weights, group, Target.Rows, Pass.Steps, row / TKernel.Rows) + (nint)step * TKernel.Rows;
                    var rows = Math.Min(TKernel.Rows, Target.Rows - row);
                    for (var column = 0; column < columns; column += TKernel.Columns)
                    {
                        var count = Math.Min(TKernel.Columns, columns - column);
                        TKernel.RunScattered(
                            steps, weights, data + column, Pass.Offsets + step, sums + row * stride + column, stride, rows, count, step > 0);
                    }
                }
            }
        }

        private readonly void Scatter(T* sums, T* to, nint position, int columns)
        {
            var (lengthH, lengthW) = (Planes.Height.Length, Planes.RowLength);
            for (var column = 0; column < columns;)
            {
                var row = (position + column) / lengthW;
                var w = (int)(position + column - row * lengthW);
                var d = row / lengthH;
                var h = row - d * lengthH;
                if (w < Pass.CountW && h < Pass.CountH)
                {
                    var run = Math.Min(Pass.CountW - w, columns - column);
                    var at = ((Pass.StartD + d * Target.StepD) * Target.Height + Pass.StartH + h * Target.StepH) * Target.Width;
                    at += Pass.StartW + (nint)w * Target.StepW;
                    for (var m = 0; m < Target.Rows; m++)
                        CopyRun(sums + (nint)m * Width + column, to + m * Target.Plane + at, run);
                }
                column += lengthW - w;
            }
        }

        private readonly void CopyRun(T* from, T* to, int count)
        {
            if (Target.StepW != 1)
            {
                for (nint i = 0; i < count; i++)
                    to[i * Target.StepW] = from[i];
                return;
            }
            ShortCopy.Run(from, to, count);
        }
    }
}
