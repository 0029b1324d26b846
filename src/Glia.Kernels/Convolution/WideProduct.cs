using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// Convolution with output channels as the columns of the product: sums[p, o] = Σ_s data[p + offset[s]] · weights[s, o] for a block of positions,
/// then transposed into the output's planes. The numbers of the input are broadcast from where they lie, so windows may be any distance apart.
/// </summary>
internal static unsafe class WideProduct<S, V, TKernel, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = OuterTile<S, V, T>.Rows;
    private const int PanelBytes = 12 << 10;
    private const int ManySteps = 96;
    private const int FewSteps = 24;
    private const int SmallPlane = 256;
    private const int FewPieces = 16;
    private const long LargeWeightBytes = 512 << 10;
    private const int TransposedPositions = 48;

    /// <summary>Whether there are enough output channels, and steps for the <paramref name="plane"/> positions that are transposed, for this to be the fastest way.</summary>
    public static bool Suits(int channels, int steps, long plane)
        => steps >= (plane <= SmallPlane ? FewSteps : ManySteps) && new ChannelBlocks<S, V, TKernel, T>(channels).AreFull;

    /// <summary>Numbers that packed weights take for all groups.</summary>
    public static long PackedSize(int groups, int rows, int steps) => (long)groups * steps * new ChannelBlocks<S, V, TKernel, T>(rows).Columns;

    /// <summary>About how many positions a block should have.</summary>
    public static int BlockPositions(int rows, int steps) => PackedSize(1, rows, steps) * sizeof(T) > LargeWeightBytes ? 480 : 240;

    /// <summary>Where a block of a group's packed weights begins.</summary>
    public static T* Panel(T* packed, int group, int rows, int steps, int block)
    {
        var blocks = new ChannelBlocks<S, V, TKernel, T>(rows);
        return packed + ((nint)group * blocks.Columns + ChannelBlocks<S, V, TKernel, T>.First(block)) * steps;
    }

    public static void Run(in WindowBlocks<T> blocks, in TapPass<T> pass, in TapProduct<S, V, TKernel, T>.Target target, PreparedConvolution? prepared = null)
    {
        var positions = PreparedConvolution.Room<nint>(prepared, Scratch.Slot.Positions, blocks.Positions, out var isReady);
        if (!isReady)
            blocks.FillPositions(positions);
        var channels = new ChannelBlocks<S, V, TKernel, T>(target.Rows);
        // Each piece copies its input, so channels are shared out only where positions are few or the weights many.
        var parts = checked(blocks.Blocks * target.Groups);
        var isLarge = PackedSize(1, target.Rows, pass.Steps) * sizeof(T) > LargeWeightBytes;
        var channelPieces = parts >= FewPieces && !isLarge ? 1 : Math.Min(channels.Count, Math.Max(isLarge ? 4 : 1, FewPieces / parts));
        var job = new Job
        {
            Blocks = blocks,
            Pass = pass,
            Target = target,
            Positions = positions,
            BlocksPerPiece = (channels.Count - 1) / channelPieces + 1,
        };
        job.ChannelPieces = (channels.Count - 1) / job.BlocksPerPiece + 1;
        WorkerPool.For(checked(parts * job.ChannelPieces), ref job);
    }

    private struct Job : IParallelJob
    {
        public WindowBlocks<T> Blocks;
        public TapPass<T> Pass;
        public TapProduct<S, V, TKernel, T>.Target Target;
        public nint* Positions;
        public int BlocksPerPiece, ChannelPieces;

        public readonly void Run(int index)
        {
            var piece = index % ChannelPieces;
            var group = index / ChannelPieces % Target.Groups;
            var block = index / ChannelPieces / Target.Groups;
            var channels = new ChannelBlocks<S, V, TKernel, T>(Target.Rows);
            var groupIn = Blocks.ChannelsOf(Target.Groups);
            var data = Blocks.Read(block, group * groupIn, groupIn);
            var count = Blocks.ImagesIn(block) * Blocks.OuterIn(block) * Blocks.Inner;
            var tiles = (count - 1) / Rows + 1;
            var last = stackalloc nint[Rows];
            for (var i = 0; i < Rows; i++)
                last[i] = Positions[Math.Min((tiles - 1) * Rows + i, count - 1)];
            var sums = Scratch.Get<T>(Scratch.Slot.Tile, (long)tiles * Rows * channels.Width(0));
            var end = Math.Min((piece + 1) * BlocksPerPiece, channels.Count);
            for (var b = piece * BlocksPerPiece; b < end; b++)
            {
                var width = channels.Width(b);
                Multiply(data, tiles, last, Panel(Pass.Weights, group, Target.Rows, Pass.Steps, b), sums, width);
                Write(block, group, ChannelBlocks<S, V, TKernel, T>.First(b), channels.Channels(b), sums, width);
            }
        }

        private readonly void Multiply(T* data, int tiles, nint* last, T* weights, T* sums, int width)
        {
            var parts = (Pass.Steps - 1) / (PanelBytes / sizeof(T) / width) + 1;
            var most = (Pass.Steps - 1) / parts + 1;
            for (var step = 0; step < Pass.Steps; step += most)
            {
                var steps = Math.Min(most, Pass.Steps - step);
                for (var tile = 0; tile < tiles; tile++)
                {
                    var rows = tile == tiles - 1 ? last : Positions + tile * Rows;
                    OuterTile<S, V, T>.Run(
                        width / S.Count, steps, data, rows, Pass.Offsets + step, weights + (nint)step * width, width,
                        sums + (nint)tile * Rows * width, width, step > 0);
                }
            }
        }

        private readonly void Write(int block, int group, int channel, int channels, T* sums, int width)
        {
            var (outer, inner) = (Blocks.OuterIn(block), Blocks.Inner);
            for (var i = 0; i < Blocks.ImagesIn(block); i++, sums += (nint)outer * inner * width)
            {
                var to = Target.Data + (((nint)(Blocks.FirstImage(block) + i) * Target.Groups + group) * Target.Rows + channel) * Target.Plane;
                if (Target is { StepD: 1, StepH: 1, StepW: 1 } && Pass.CountW == Target.Width && Pass.CountH == Target.Height)
                    WritePlanes(channels, outer * inner, sums, width, to + (nint)Blocks.FirstOuter(block) * inner);
                else
                    WriteRows(channels, block, sums, width, to);
            }
        }

        private readonly void WritePlanes(int channels, int count, T* sums, int width, T* to)
        {
            for (var p = 0; p < count; p += TransposedPositions)
            {
                Kernels.Panel.TransposeRows(sums + (nint)p * width, width, Math.Min(TransposedPositions, count - p), Target.Plane, channels, to + p);
            }
        }

        private readonly void WriteRows(int channels, int block, T* sums, int width, T* to)
        {
            var first = Blocks.FirstOuter(block);
            var (d0, h0) = Pass.CountD > 1 ? (first, 0) : (0, first);
            var rows = Blocks.OuterIn(block) * (Blocks.Inner / Pass.CountW);
            var row = Scratch.Get<T>(Scratch.Slot.Vector, (long)channels * Pass.CountW);
            for (var r = 0; r < rows; r++, sums += (nint)Pass.CountW * width)
            {
                Kernels.Panel.TransposeRows(sums, width, Pass.CountW, Pass.CountW, channels, row);
                var (d, h) = (d0 + (h0 + r) / Pass.CountH, (h0 + r) % Pass.CountH);
                nint at = (Pass.StartD + d * Target.StepD) * Target.Height + Pass.StartH + h * Target.StepH;
                at = at * Target.Width + Pass.StartW;
                for (var c = 0; c < channels; c++)
                {
                    var from = row + (nint)c * Pass.CountW;
                    var target = to + c * Target.Plane + at;
                    for (nint w = 0; w < Pass.CountW; w++)
                        target[w * Target.StepW] = from[w];
                }
            }
        }
    }
}
