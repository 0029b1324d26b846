using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// The gradient with respect to a convolution's kernel: dw[o, s] = Σ_images Σ_p dy[o, p] · data[p + offset[s]], dot products along the same
/// padded planes that the forward pass reads, with dy laid out in their row length. Each element is summed image by image by one piece.
/// </summary>
internal static unsafe class ConvWeightGradient<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = DotTile<S, V, T>.Rows;
    private const int Columns = DotTile<S, V, T>.Columns;
    private const int SegmentBytes = 4096;
    private const long LargeVolume = 1 << 18;
    private const long ChunkBytes = 4 << 20;

    /// <summary>The output's gradient in the row length of the padded input.</summary>
    public static PaddedPlanes<T> GradientPlanes(in ConvGeometry g, in PaddedPlanes<T> inputs, T* dy) => new(
        new(g.Depth.Out, g.Depth.Out, g.Depth.Out),
        new(g.Height.Out, g.Depth.Out == 1 ? g.Height.Out : inputs.Height.Length, g.Height.Out),
        new(g.Width.Out, inputs.RowLength, g.Width.Out),
        g.OutChannels, dy);

    public static void Run(in ConvGeometry g, T* x, T* dy, T* dw)
    {
        var inputs = ConvForward<S, V, MicroKernel6<S, V, T>, T>.InputPlanes(g, x);
        var gradients = GradientPlanes(g, inputs, dy);
        var imageBytes = ((inputs.IsSource ? 0 : inputs.ImageStride) + (gradients.IsSource ? 0 : gradients.ImageStride)) * sizeof(T);
        var chunk = imageBytes == 0 ? g.Batch : (int)Math.Clamp(ChunkBytes / imageBytes, 1, Math.Max(g.Batch, 1));
        if (!inputs.IsSource)
            inputs.Data = Scratch.Get<T>(Scratch.Slot.Padded, chunk * (long)inputs.ImageStride);
        if (!gradients.IsSource)
            gradients.Data = Scratch.Get<T>(Scratch.Slot.PaddedGradient, chunk * (long)gradients.ImageStride);

        var steps = checked((int)(g.GroupIn * g.Taps));
        var job = new Job
        {
            Inputs = inputs,
            Gradients = gradients,
            Offsets = ConvForward<S, V, MicroKernel6<S, V, T>, T>.Offsets(g, inputs),
            Result = dw,
            Groups = g.Groups,
            GroupOut = g.GroupOut,
            Steps = steps,
            Positions = inputs.Span(g.Depth.Out, g.Height.Out, g.Width.Out),
            TilesDown = g.GroupOut >= 128 ? 4 : g.GroupOut >= 64 ? 2 : 1,
            TilesAcross = steps >= 512 ? 12 : steps >= 128 ? 6 : 3,
        };
        job.PiecesDown = (g.GroupOut - 1) / (Rows * job.TilesDown) + 1;
        job.PiecesAcross = (steps - 1) / (Columns * job.TilesAcross) + 1;
        if (g.Batch == 0)
            new Span<T>(dw, g.OutChannels * steps).Clear();
        for (var image = 0; image < g.Batch; image += chunk)
        {
            job.Images = Math.Min(chunk, g.Batch - image);
            if (inputs.IsSource)
                job.Inputs.Data = x + image * inputs.ImageStride;
            else
                PadJob<T>.Fill(inputs, image, job.Images);
            if (gradients.IsSource)
                job.Gradients.Data = dy + image * gradients.ImageStride;
            else
                PadJob<T>.Fill(gradients, image, job.Images);
            job.Accumulate = image > 0;
            var volume = (long)g.OutChannels * steps * job.Positions * job.Images;
            WorkerPool.For(checked(g.Groups * job.PiecesDown * job.PiecesAcross), volume >= LargeVolume, ref job);
        }
    }

    private struct Job : IParallelJob
    {
        public PaddedPlanes<T> Inputs, Gradients;
        public nint* Offsets;
        public T* Result;
        public int Groups, GroupOut, Steps, Images, TilesDown, TilesAcross, PiecesDown, PiecesAcross;
        public nint Positions;
        public bool Accumulate;

        public readonly void Run(int index)
        {
            var firstStep = index % PiecesAcross * Columns * TilesAcross;
            var firstRow = index / PiecesAcross % PiecesDown * Rows * TilesDown;
            var group = index / PiecesAcross / PiecesDown;
            var across = (Math.Min(TilesAcross * Columns, Steps - firstStep) - 1) / Columns + 1;
            var down = (Math.Min(TilesDown * Rows, GroupOut - firstRow) - 1) / Rows + 1;
            var sums = stackalloc V[Rows * Columns * TilesAcross * TilesDown];
            new Span<V>(sums, Rows * Columns * TilesAcross * TilesDown).Clear();
            nint segment = SegmentBytes / sizeof(T);
            var block = (int)Math.Max(segment / Positions, 1);
            for (var image = 0; image < Images; image += block)
            {
                var images = Math.Min(block, Images - image);
                var a = Gradients.Data + image * Gradients.ImageStride + (nint)group * GroupOut * Gradients.PlaneStride;
                var b = Inputs.Data + image * Inputs.ImageStride + (nint)group * (Inputs.Planes / Groups) * Inputs.PlaneStride;
                for (nint p = 0; p < Positions; p += segment)
                {
                    var count = Math.Min(segment, Positions - p);
                    for (var tile = 0; tile < down * across; tile++)
                    {
                        var (row, step) = (firstRow + tile / across * Rows, firstStep + tile % across * Columns);
                        AddTile(images, count, a + p, row, b + p, step, sums + tile * Rows * Columns);
                    }
                }
            }
            for (var tile = 0; tile < down * across; tile++)
                StoreTile(group, firstRow + tile / across * Rows, firstStep + tile % across * Columns, sums + tile * Rows * Columns);
        }

        // Rows and steps beyond the last repeat the first; their sums are dropped.
        private readonly void AddTile(int images, nint count, T* a, int row, T* b, int step, V* sums)
        {
            var aRows = stackalloc nint[Rows];
            for (var i = 0; i < Rows; i++)
                aRows[i] = (row + i < GroupOut ? row + i : row) * Gradients.PlaneStride;
            var bRows = stackalloc nint[Columns];
            for (var j = 0; j < Columns; j++)
                bRows[j] = Offsets[step + j < Steps ? step + j : step];
            DotTile<S, V, T>.Add(images, count, a, Gradients.ImageStride, aRows, b, Inputs.ImageStride, bRows, sums);
        }

        private readonly void StoreTile(int group, int row, int step, V* sums)
        {
            for (var i = 0; i < Rows && row + i < GroupOut; i++)
            {
                for (var j = 0; j < Columns && step + j < Steps; j++)
                {
                    var target = Result + ((nint)group * GroupOut + row + i) * Steps + step + j;
                    var sum = S.Sum(sums[i * Columns + j]);
                    *target = Accumulate ? *target + sum : sum;
                }
            }
        }
    }
}
