using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// The gradient of 3 × 3 kernels by Winograd's algorithm: for each of 36 frequencies a product [channels in, tiles] · [tiles, channels out], summed over all tiles and
/// transformed to the taps. A piece is some rows of tiles and all or some channels of the output; the sums of the pieces are added in their order.
/// </summary>
internal static unsafe class WinogradWeightGradient<S, V, TKernel, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = OuterTile<S, V, T>.Rows;
    private const int Frequencies = WinogradTransform<S, V, T>.Frequencies;
    private const int Taps = WinogradTransform<S, V, T>.Taps * WinogradTransform<S, V, T>.Taps;
    private const int ChannelsPerPart = 16;

    // The sums of a piece are worth transforming for so many tiles.
    private const int TilesPerPiece = 128;
    private const int MostPieces = 16;
    private const int FewPieces = 8;

    public static void Run(in ConvGeometry g, T* x, T* dy, T* dw)
    {
        var channels = new ChannelBlocks<S, V, TKernel, T>(g.OutChannels);
        var input = new WinogradPlanes<T> { Data = x, Channels = g.InChannels, Height = g.Height.In, Width = g.Width.In, BeforeH = g.Height.PadBefore, BeforeW = g.Width.PadBefore };
        var gradient = new WinogradPlanes<T> { Data = dy, Channels = g.OutChannels, Height = g.Height.Out, Width = g.Width.Out };
        input.TilesH = gradient.TilesH = Winograd.Tiles(g.Height.Out);
        input.TilesW = gradient.TilesW = Winograd.Tiles(g.Width.Out);
        var all = checked(g.Batch * input.TilesH);
        var tilePieces = (int)Math.Clamp((long)all * input.TilesW / TilesPerPiece, 1, Math.Min(MostPieces, all));
        var splits = Math.Clamp(FewPieces / tilePieces, 1, Math.Max(channels.Count / 4, 1));
        var job = new Job
        {
            Input = input,
            Gradient = gradient,
            Result = dw,
            AllRows = all,
            RowsPerPiece = (all - 1) / tilePieces + 1,
            BlocksPerSplit = (channels.Count - 1) / splits + 1,
        };
        job.TilePieces = (all - 1) / job.RowsPerPiece + 1;
        job.Splits = (channels.Count - 1) / job.BlocksPerSplit + 1;
        job.RowsPerBlock = WinogradProduct<S, V, TKernel, T>.RowsPerPiece(job.RowsPerPiece, input.TilesW, (long)Frequencies * (g.InChannels + g.OutChannels) * sizeof(T));
        job.PieceSize = (nint)g.InChannels * Taps * channels.Columns;
        job.Sums = Scratch.Get<T>(Scratch.Slot.Transposed, job.TilePieces * (long)job.PieceSize);
        WorkerPool.For(checked(job.TilePieces * job.Splits), ref job);
        job.Adding = true;
        WorkerPool.For(checked(((g.InChannels - 1) / ChannelsPerPart + 1) * channels.Count), ref job);
    }

    private struct Job : IParallelJob
    {
        public WinogradPlanes<T> Input, Gradient;
        public T* Sums, Result;
        public int AllRows, RowsPerPiece, RowsPerBlock, BlocksPerSplit, TilePieces, Splits;
        public nint PieceSize;
        public bool Adding;

        public readonly void Run(int index)
        {
            if (Adding)
                Add(index);
            else
                Sum(index);
        }

        private readonly void Sum(int index)
        {
            var piece = index / Splits;
            var channels = new ChannelBlocks<S, V, TKernel, T>(Gradient.Channels);
            var firstBlock = index % Splits * BlocksPerSplit;
            var endBlock = Math.Min(firstBlock + BlocksPerSplit, channels.Count);
            var firstChannel = ChannelBlocks<S, V, TKernel, T>.First(firstBlock);
            var columns = ChannelBlocks<S, V, TKernel, T>.First(endBlock - 1) + channels.Width(endBlock - 1) - firstChannel;

            var inLd = WinogradProduct<S, V, TKernel, T>.Apart(WinogradProduct<S, V, TKernel, T>.Whole(Input.Channels));
            var outLd = WinogradProduct<S, V, TKernel, T>.Apart(columns);
            nint most = RowsPerBlock * Input.TilesW;
            var inStride = WinogradProduct<S, V, TKernel, T>.FrequencyStride(most * inLd);
            var outStride = WinogradProduct<S, V, TKernel, T>.FrequencyStride(most * outLd);
            var inputs = Scratch.Get<T>(Scratch.Slot.Frequencies, Frequencies * (long)inStride);
            var gradients = Scratch.Get<T>(Scratch.Slot.GradientFrequencies, Frequencies * (long)outStride);
            var tiles = Scratch.Get<nint>(Scratch.Slot.Positions, most);
            for (nint i = 0; i < most; i++)
                tiles[i] = i * inLd;

            var groups = (Input.Channels - 1) / Rows + 1;
            var sumStride = WinogradProduct<S, V, TKernel, T>.FrequencyStride((nint)groups * Rows * columns);
            var sums = Scratch.Get<T>(Scratch.Slot.Products, Frequencies * (long)sumStride);
            var (first, end) = (piece * RowsPerPiece, Math.Min((piece + 1) * RowsPerPiece, AllRows));
            for (var row = first; row < end; row += RowsPerBlock)
            {
                var rows = Math.Min(RowsPerBlock, end - row);
                Input.Transform<S, V>(gradient: false, row, rows, 0, Input.Channels, inputs, inLd, inStride);
                Gradient.Transform<S, V>(gradient: true, row, rows, firstChannel, Math.Min(columns, Gradient.Channels - firstChannel), gradients, outLd, outStride);
                for (var f = 0; f < Frequencies; f++)
                {
                    for (var b = firstBlock; b < endBlock; b++)
                    {
                        nint column = ChannelBlocks<S, V, TKernel, T>.First(b) - firstChannel;
                        Multiply(
                            inputs + f * inStride, tiles, rows * Input.TilesW, gradients + f * outStride + column, outLd, channels.Width(b),
                            sums + f * sumStride + column, columns, row > first);
                    }
                }
            }

            var room = Scratch.Get<T>(Scratch.Slot.TileValues, WinogradTransform<S, V, T>.Room);
            var to = Sums + piece * PieceSize + firstChannel;
            for (nint c = 0; c < Input.Channels; c++)
            {
                for (nint v = 0; v < columns; v += S.Count)
                    WinogradTransform<S, V, T>.KernelGradient(sums + c * columns + v, sumStride, room, to + c * Taps * channels.Columns + v, channels.Columns);
            }
        }

        // Channels beyond the last repeat it; their sums are dropped.
        private readonly void Multiply(T* inputs, nint* tiles, int count, T* gradients, nint outLd, int width, T* sums, nint columns, bool accumulate)
        {
            var rows = stackalloc nint[Rows];
            for (var c = 0; c < Input.Channels; c += Rows)
            {
                for (var i = 0; i < Rows; i++)
                    rows[i] = Math.Min(c + i, Input.Channels - 1);
                OuterTile<S, V, T>.Run(width / S.Count, count, inputs, rows, tiles, gradients, outLd, sums + c * columns, columns, accumulate);
            }
        }

        private readonly void Add(int index)
        {
            var channels = new ChannelBlocks<S, V, TKernel, T>(Gradient.Channels);
            var (part, block) = (index / channels.Count, index % channels.Count);
            var first = part * ChannelsPerPart;
            var rows = Math.Min(ChannelsPerPart, Input.Channels - first) * Taps;
            var channel = ChannelBlocks<S, V, TKernel, T>.First(block);
            var width = channels.Width(block);
            var total = Sums + (nint)first * Taps * channels.Columns + channel;
            for (var piece = 1; piece < TilePieces; piece++)
            {
                for (nint r = 0; r < rows; r++)
                {
                    var to = total + r * channels.Columns;
                    for (nint v = 0; v < width; v += S.Count)
                        S.Store(to + v, S.Add(S.Load(to + v), S.Load(to + piece * PieceSize + v)));
                }
            }
            var target = Result + ((nint)channel * Input.Channels + first) * Taps;
            Panel.Transpose(total, channels.Columns, rows, Input.Channels * Taps, channels.Channels(block), target);
        }
    }
}
