using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// The gradient with respect to a small kernel over small planes: each part of the batch sums all of dw[o, s] = Σ_p dy[o, p] · data[p + offset[s]] image by image,
/// while the image and its gradient are in the nearest cache; then the parts are added in their order. The parts depend on the batch alone.
/// </summary>
internal static unsafe class SmallWeightGradient<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaxParts = 16;
    private const int MaxSums = 512;
    private const int ImageBytes = 64 << 10;
    private const long LargeVolume = 1 << 18;

    public static bool Suits(in ConvGeometry g)
        => g.Groups == 1 && g.Batch >= MaxParts && g.OutChannels * (Int128)g.InChannels * g.Taps <= MaxSums
            && (g.InChannels * (Int128)g.InPlane + g.OutChannels * (Int128)g.OutPlane) * sizeof(T) <= ImageBytes;

    public static void Run(in ConvGeometry g, T* x, T* dy, T* dw)
    {
        var inputs = ConvForward<S, V, MicroKernel6<S, V, T>, T>.InputPlanes(g, x);
        var steps = (int)(g.InChannels * g.Taps);
        var job = new Job
        {
            Inputs = inputs,
            Gradients = ConvWeightGradient<S, V, T>.GradientPlanes(g, inputs, dy),
            Offsets = ConvForward<S, V, MicroKernel6<S, V, T>, T>.Offsets(g, inputs),
            Parts = Scratch.Get<T>(Scratch.Slot.Tile, (long)MaxParts * g.OutChannels * steps),
            Batch = g.Batch,
            Rows = g.OutChannels,
            Steps = steps,
            Positions = inputs.Span(g.Depth.Out, g.Height.Out, g.Width.Out),
        };
        WorkerPool.For(MaxParts, (long)g.Batch * g.OutChannels * steps * job.Positions >= LargeVolume, ref job);
        for (nint i = 0; i < g.OutChannels * steps; i++)
        {
            var sum = job.Parts[i];
            for (nint part = 1; part < MaxParts; part++)
                sum += job.Parts[part * g.OutChannels * steps + i];
            dw[i] = sum;
        }
    }

    private struct Job : IParallelJob
    {
        public PaddedPlanes<T> Inputs, Gradients;
        public nint* Offsets;
        public T* Parts;
        public int Batch, Rows, Steps;
        public nint Positions;

        public readonly void Run(int index)
        {
            var (inputs, gradients) = (Inputs, Gradients);
            if (!inputs.IsSource)
                inputs.Data = Scratch.Get<T>(Scratch.Slot.Padded, inputs.ImageStride);
            if (!gradients.IsSource)
                gradients.Data = Scratch.Get<T>(Scratch.Slot.PaddedGradient, gradients.ImageStride);
            var (first, end) = ((int)((long)index * Batch / MaxParts), (int)((index + 1L) * Batch / MaxParts));
            // A tile of 6 × 2 or of 4 × 3 sums, whichever wastes fewer at the edges.
            var isTall = Waste(TallDotTile<S, V, T>.Rows, TallDotTile<S, V, T>.Columns) < Waste(DotTile<S, V, T>.Rows, DotTile<S, V, T>.Columns);
            var (rows, columns) = isTall ? (TallDotTile<S, V, T>.Rows, TallDotTile<S, V, T>.Columns) : (DotTile<S, V, T>.Rows, DotTile<S, V, T>.Columns);
            var (down, across) = ((Rows - 1) / rows + 1, (Steps - 1) / columns + 1);
            var sums = Scratch.Get<V>(Scratch.Slot.Vector, (long)down * across * rows * columns);
            new Span<V>(sums, down * across * rows * columns).Clear();
            // Rows and steps beyond the last repeat the first of their tile; their sums are dropped.
            var aRows = stackalloc nint[down * rows];
            for (var i = 0; i < down * rows; i++)
                aRows[i] = (i < Rows ? i : i / rows * rows) * gradients.PlaneStride;
            var bRows = stackalloc nint[across * columns];
            for (var j = 0; j < across * columns; j++)
                bRows[j] = Offsets[j < Steps ? j : j / columns * columns];
            for (var image = first; image < end; image++)
            {
                var b = inputs.Image(image, isFirst: image == first);
                var a = gradients.Image(image, isFirst: image == first);
                for (var tile = 0; tile < down * across; tile++)
                {
                    var (row, step) = (tile / across * rows, tile % across * columns);
                    if (isTall)
                        TallDotTile<S, V, T>.Add(Positions, a, aRows + row, b, bRows + step, sums + tile * rows * columns);
                    else
                        DotTile<S, V, T>.Add(1, Positions, a, 0, aRows + row, b, 0, bRows + step, sums + tile * rows * columns);
                }
            }
            var part = Parts + (nint)index * Rows * Steps;
            for (nint row = 0; row < Rows; row++)
            {
                for (nint step = 0; step < Steps; step++)
                    part[row * Steps + step] = S.Sum(sums[(row / rows * across + step / columns) * rows * columns + row % rows * columns + step % columns]);
            }
        }

        private readonly int Waste(int rows, int columns) => ((Rows - 1) / rows + 1) * rows * (((Steps - 1) / columns + 1) * columns);
    }
}
