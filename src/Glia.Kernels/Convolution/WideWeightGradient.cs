using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// The gradient with respect to a convolution's kernel with output channels as the columns of the product: sums[s, o] = Σ_p data[p + offset[s]] ·
/// dy[p, o], with dy transposed beforehand. A piece is some steps s and a block of channels, summed over all images in their order.
/// </summary>
internal static unsafe class WideWeightGradient<S, V, TKernel, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = OuterTile<S, V, T>.Rows;
    private const int PanelBytes = 16 << 10;
    private const int BlockBytes = 192 << 10;
    private const int MaxTiles = 32;
    private const int ManyPieces = 16;
    private const int TransposedPositions = 256;
    private const long ChunkBytes = 4 << 20;
    private const long LargeVolume = 1 << 18;

    /// <summary>Whether there are enough output channels for this to be the fastest way.</summary>
    public static bool Suits(in ConvGeometry g)
        => g.Batch > 0 && new ChannelBlocks<S, V, TKernel, T>(g.GroupOut).AreFull;

    public static void Run(in ConvGeometry g, T* x, T* dy, T* dw)
    {
        var steps = checked((int)(g.GroupIn * g.Taps));
        var channels = new ChannelBlocks<S, V, TKernel, T>(g.GroupOut);
        var tiles = (steps - 1) / Rows + 1;
        var tilesPerPiece = Math.Clamp((int)((long)tiles * channels.Count * g.Groups / ManyPieces), 1, MaxTiles);
        var channelsPerPiece = (int)Math.Min((tilesPerPiece * Rows - 2) / g.Taps + 2, g.GroupIn);
        var planes = ConvForward<S, V, TKernel, T>.WholePlanes(g, x);
        var imagesPerBlock = Math.Max((long)BlockBytes / sizeof(T) / (planes.PlaneStride * channelsPerPiece), 1);
        var positions = g.OutPlane;
        var imagesPerChunk = Math.Max(ChunkBytes / sizeof(T) / (positions * channels.Columns * g.Groups), 1);
        imagesPerBlock = Math.Min(imagesPerBlock, imagesPerChunk);
        var blocks = new WindowBlocks<T>(
            planes, channelsPerPiece, g.Batch, (g.Depth.Out, g.Height.Out, g.Width.Out), (g.Depth.Stride, g.Height.Stride, g.Width.Stride),
            imagesPerBlock * positions, isWhole: true);
        var blocksPerChunk = (int)(imagesPerChunk / blocks.Images);
        var job = new Job
        {
            G = g,
            Blocks = blocks,
            Positions = Scratch.Get<nint>(Scratch.Slot.Positions, blocks.Positions),
            Offsets = ConvForward<S, V, TKernel, T>.WholeOffsets(g, blocks.Local),
            Source = dy,
            Transposed = Scratch.Get<T>(Scratch.Slot.Transposed, Math.Min(blocksPerChunk * blocks.Images, g.Batch) * positions * channels.Columns * g.Groups),
            Result = dw,
            Steps = steps,
            Tiles = tiles,
            TilesPerPiece = tilesPerPiece,
            Pieces = (tiles - 1) / tilesPerPiece + 1,
            Segments = (int)((positions - 1) / TransposedPositions + 1),
        };
        blocks.FillPositions(job.Positions);
        for (var block = 0; block < blocks.Blocks; block += blocksPerChunk)
        {
            job.FirstBlock = block;
            job.EndBlock = Math.Min(block + blocksPerChunk, blocks.Blocks);
            job.FirstImage = blocks.FirstImage(block);
            job.Images = Math.Min(blocksPerChunk * blocks.Images, g.Batch - job.FirstImage);
            var isLarge = job.Images * positions * g.OutChannels * steps >= LargeVolume;
            job.Transposing = true;
            WorkerPool.For(checked(g.Groups * channels.Count * job.Images * job.Segments), isLarge, ref job);
            job.Transposing = false;
            WorkerPool.For(checked(g.Groups * channels.Count * job.Pieces), isLarge, ref job);
        }
    }

    private struct Job : IParallelJob
    {
        public ConvGeometry G;
        public WindowBlocks<T> Blocks;
        public nint* Positions, Offsets;
        public T* Source, Transposed, Result;
        public int Steps, Tiles, TilesPerPiece, Pieces, Segments, FirstBlock, EndBlock, FirstImage, Images;
        public bool Transposing;

        private readonly nint Plane => (nint)G.OutPlane;

        public readonly void Run(int index)
        {
            if (Transposing)
                Transpose(index);
            else
                Sum(index);
        }

        // All positions of the chunk for one block of channels.
        private readonly T* Panel(int group, int block)
        {
            var channels = new ChannelBlocks<S, V, TKernel, T>(G.GroupOut);
            return Transposed + ((nint)group * channels.Columns + ChannelBlocks<S, V, TKernel, T>.First(block)) * Images * Plane;
        }

        private readonly void Transpose(int index)
        {
            var channels = new ChannelBlocks<S, V, TKernel, T>(G.GroupOut);
            nint first = index % Segments * TransposedPositions;
            var image = index / Segments % Images;
            var block = index / Segments / Images % channels.Count;
            var group = index / Segments / Images / channels.Count;
            var width = channels.Width(block);
            var from = Source + (((nint)(FirstImage + image) * G.Groups + group) * G.GroupOut + ChannelBlocks<S, V, TKernel, T>.First(block)) * Plane;
            var to = Panel(group, block) + (image * Plane + first) * width;
            Kernels.Panel.Pack(from + first, Plane, 1, channels.Channels(block), width, (int)Math.Min(TransposedPositions, Plane - first), to);
        }

        private readonly void Sum(int index)
        {
            var channels = new ChannelBlocks<S, V, TKernel, T>(G.GroupOut);
            var piece = index % Pieces;
            var block = index / Pieces % channels.Count;
            var group = index / Pieces / channels.Count;
            var width = channels.Width(block);
            var step = piece * TilesPerPiece * Rows;
            var tiles = Math.Min(TilesPerPiece, Tiles - piece * TilesPerPiece);
            var steps = Math.Min(tiles * Rows, Steps - step);
            var channel = step / (int)G.Taps;
            var channelCount = (step + steps - 1) / (int)G.Taps + 1 - channel;
            var offsets = stackalloc nint[tiles * Rows];
            // Rows beyond the last repeat it; their sums are dropped.
            for (var i = 0; i < tiles * Rows; i++)
                offsets[i] = Offsets[Math.Min(step + i, Steps - 1)] - channel * Blocks.Local.PlaneStride;
            var sums = Scratch.Get<T>(Scratch.Slot.Tile, (long)tiles * Rows * width);
            var gradients = Panel(group, block);
            var most = PanelBytes / sizeof(T) / width;
            for (var b = FirstBlock; b < EndBlock; b++)
            {
                var data = Blocks.Read(b, group * G.GroupIn + channel, channelCount);
                var count = Blocks.ImagesIn(b) * Plane;
                for (nint p = 0; p < count; p += most, gradients += (nint)most * width)
                {
                    var positions = Math.Min(most, count - p);
                    for (var tile = 0; tile < tiles; tile++)
                    {
                        OuterTile<S, V, T>.Run(
                            width / S.Count, positions, data, offsets + tile * Rows, Positions + p, gradients, width,
                            sums + (nint)tile * Rows * width, width, b > FirstBlock || p > 0);
                    }
                }
                gradients -= ((count - 1) / most + 1) * most * width - count * width;
            }
            Store(sums, width, channels.Channels(block), steps, Result + ((nint)group * G.GroupOut + ChannelBlocks<S, V, TKernel, T>.First(block)) * Steps + step);
        }

        private readonly void Store(T* sums, int width, int channels, int steps, T* to)
        {
            if (FirstBlock == 0)
            {
                Kernels.Panel.Transpose(sums, width, steps, Steps, channels, to);
                return;
            }
            for (var c = 0; c < channels; c++, to += Steps)
            {
                for (nint s = 0; s < steps; s++)
                    to[s] += sums[s * width + c];
            }
        }
    }
}
