using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// Convolution with 3 × 3 windows by Winograd's algorithm: for each of 36 frequencies a product [tiles, channels in] · [channels in, channels out]. A piece is some rows of
/// tiles and all or some channels of the output; it transforms its tiles, multiplies and transforms back, all in its thread's own memory.
/// </summary>
internal static unsafe class WinogradProduct<S, V, TKernel, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = OuterTile<S, V, T>.Rows;
    private const int Frequencies = WinogradTransform<S, V, T>.Frequencies;
    private const int Taps = WinogradTransform<S, V, T>.Taps * WinogradTransform<S, V, T>.Taps;
    private const int PanelBytes = 16 << 10;
    private const int StepsPerPiece = 32;
    private const long LargePack = 1 << 12;
    private const int FewPieces = 8;

    // Tiles of a piece: all frequencies of few channels stay in the second-level cache, and many tiles share the weights of many channels.
    private const long PieceBytes = 384 << 10;
    private const int FewestTiles = 48;
    private const int MostTiles = 96;

    public static void Forward(in ConvGeometry g, T* x, T* w, T* y, PreparedConvolution? prepared)
    {
        var input = new WinogradPlanes<T> { Data = x, Channels = g.InChannels, Height = g.Height.In, Width = g.Width.In, BeforeH = g.Height.PadBefore, BeforeW = g.Width.PadBefore };
        var output = new WinogradPlanes<T> { Data = y, Channels = g.OutChannels, Height = g.Height.Out, Width = g.Width.Out };
        Run(g.Batch, input, output, w, isTransposed: false, prepared);
    }

    /// <summary>The gradient of the input is the convolution of that of the output with the kernels turned round, from output channels to input channels.</summary>
    public static void InputGradient(in ConvGeometry g, T* dy, T* w, T* dx)
    {
        var input = new WinogradPlanes<T>
        {
            Data = dy,
            Channels = g.OutChannels,
            Height = g.Height.Out,
            Width = g.Width.Out,
            BeforeH = g.Height.Kernel - 1 - g.Height.PadBefore,
            BeforeW = g.Width.Kernel - 1 - g.Width.PadBefore,
        };
        var output = new WinogradPlanes<T> { Data = dx, Channels = g.InChannels, Height = g.Height.In, Width = g.Width.In };
        Run(g.Batch, input, output, w, isTransposed: true, prepared: null);
    }

    /// <summary>A distance between rows of at least <paramref name="count"/> numbers that does not lead all rows to the same few sets of the cache.</summary>
    public static nint Apart(nint count)
    {
        nint line = 64 / sizeof(T);
        return count % (8 * line) == 0 ? count + line : count;
    }

    /// <summary>A distance between frequencies: an odd number of cache lines.</summary>
    public static nint FrequencyStride(nint count)
    {
        nint line = 64 / sizeof(T);
        return ((count + line - 1) / line | 1) * line;
    }

    /// <summary>Whole vectors of channels.</summary>
    public static int Whole(int channels) => (channels + S.Count - 1) / S.Count * S.Count;

    /// <summary>Rows of tiles of a piece, of <paramref name="all"/> with so many tiles each.</summary>
    public static int RowsPerPiece(int all, int tilesW, long bytesPerTile)
    {
        var most = Math.Clamp(PieceBytes / bytesPerTile, FewestTiles, MostTiles);
        var rows = (int)Math.Clamp(most / tilesW, 1, all);
        return (all - 1) / ((all - 1) / rows + 1) + 1;
    }

    private static void Run(int batch, WinogradPlanes<T> input, WinogradPlanes<T> output, T* w, bool isTransposed, PreparedConvolution? prepared)
    {
        input.TilesH = output.TilesH = Winograd.Tiles(output.Height);
        input.TilesW = output.TilesW = Winograd.Tiles(output.Width);
        var channels = new ChannelBlocks<S, V, TKernel, T>(output.Channels);
        var all = checked(batch * input.TilesH);
        var job = new Job
        {
            Input = input,
            Output = output,
            AllRows = all,
            RowsPerPiece = RowsPerPiece(all, input.TilesW, (long)Frequencies * (input.Channels + output.Channels) * sizeof(T)),
            WeightStride = FrequencyStride((nint)input.Channels * channels.Columns),
            Steps = Scratch.Get<nint>(Scratch.Slot.Offsets, input.Channels),
        };
        for (var i = 0; i < input.Channels; i++)
            job.Steps[i] = i;
        job.Weights = PreparedConvolution.Room<T>(prepared, Scratch.Slot.Weights, Frequencies * (long)job.WeightStride, out var isPacked);
        var pack = new PackJob
        {
            Source = w,
            Packed = job.Weights,
            Stride = job.WeightStride,
            In = input.Channels,
            Out = output.Channels,
            Parts = (input.Channels - 1) / StepsPerPiece + 1,
            IsTransposed = isTransposed,
        };
        if (!isPacked)
            WorkerPool.For(checked(pack.Parts * channels.Count), (long)input.Channels * output.Channels >= LargePack, ref pack);

        var pieces = (all - 1) / job.RowsPerPiece + 1;
        // Each piece transforms its input, so channels are shared out only where the tiles are few.
        var splits = Math.Clamp(FewPieces / pieces, 1, Math.Max(channels.Count / 4, 1));
        job.BlocksPerSplit = (channels.Count - 1) / splits + 1;
        job.Splits = (channels.Count - 1) / job.BlocksPerSplit + 1;
        WorkerPool.For(checked(pieces * job.Splits), ref job);
    }

    private struct Job : IParallelJob
    {
        public WinogradPlanes<T> Input, Output;
        public T* Weights;
        public nint* Steps;
        public nint WeightStride;
        public int AllRows, RowsPerPiece, BlocksPerSplit, Splits;

        public readonly void Run(int index)
        {
            var first = index / Splits * RowsPerPiece;
            var rows = Math.Min(RowsPerPiece, AllRows - first);
            var tiles = rows * Input.TilesW;
            var groups = (tiles - 1) / Rows + 1;
            var ld = Apart(Whole(Input.Channels));
            var stride = FrequencyStride(tiles * ld);
            var data = Scratch.Get<T>(Scratch.Slot.Frequencies, Frequencies * (long)stride);
            Input.Transform<S, V>(gradient: false, first, rows, 0, Input.Channels, data, ld, stride);
            var channels = new ChannelBlocks<S, V, TKernel, T>(Output.Channels);
            var firstBlock = index % Splits * BlocksPerSplit;
            var endBlock = Math.Min(firstBlock + BlocksPerSplit, channels.Count);
            var firstChannel = ChannelBlocks<S, V, TKernel, T>.First(firstBlock);
            var columns = ChannelBlocks<S, V, TKernel, T>.First(endBlock - 1) + channels.Width(endBlock - 1) - firstChannel;
            var productLd = Apart(columns);
            var productStride = FrequencyStride(groups * Rows * productLd);
            var products = Scratch.Get<T>(Scratch.Slot.Products, Frequencies * (long)productStride);
            // Rows beyond the last repeat it; their products are dropped.
            var tileRows = stackalloc nint[Rows];
            for (var f = 0; f < Frequencies; f++)
            {
                for (var b = firstBlock; b < endBlock; b++)
                {
                    var channel = ChannelBlocks<S, V, TKernel, T>.First(b);
                    var weights = Weights + f * WeightStride + (nint)channel * Input.Channels;
                    Multiply(data + f * stride, ld, tiles, tileRows, weights, channels.Width(b), products + f * productStride + channel - firstChannel, productLd);
                }
            }
            Output.Write<S, V>(products, productLd, productStride, first, rows, firstChannel, Math.Min(columns, Output.Channels - firstChannel));
        }

        private readonly void Multiply(T* data, nint ld, int tiles, nint* rows, T* weights, int width, T* products, nint productLd)
        {
            var parts = (Input.Channels - 1) / (PanelBytes / sizeof(T) / width) + 1;
            var most = (Input.Channels - 1) / parts + 1;
            for (var step = 0; step < Input.Channels; step += most)
            {
                var steps = Math.Min(most, Input.Channels - step);
                for (var tile = 0; tile < tiles; tile += Rows)
                {
                    for (var i = 0; i < Rows; i++)
                        rows[i] = Math.Min(tile + i, tiles - 1) * ld;
                    OuterTile<S, V, T>.Run(
                        width / S.Count, steps, data, rows, Steps + step, weights + (nint)step * width, width, products + tile * productLd, productLd, step > 0);
                }
            }
        }
    }

    // The frequencies of the kernels: for each of them, blocks of output channels, with a row for each input channel.
    private struct PackJob : IParallelJob
    {
        public T* Source, Packed;
        public nint Stride;
        public int In, Out, Parts;
        public bool IsTransposed;

        public readonly void Run(int index)
        {
            var channels = new ChannelBlocks<S, V, TKernel, T>(Out);
            var block = index / Parts;
            var first = index % Parts * StepsPerPiece;
            var count = Math.Min(StepsPerPiece, In - first);
            var channel = ChannelBlocks<S, V, TKernel, T>.First(block);
            var (width, lanes) = (channels.Width(block), channels.Channels(block));
            var panel = Scratch.Get<T>(Scratch.Slot.Block, (long)count * Taps * width);
            var room = Scratch.Get<T>(Scratch.Slot.TileValues, WinogradTransform<S, V, T>.Room);
            if (!IsTransposed)
                Panel.Pack(Source + ((nint)channel * In + first) * Taps, (nint)In * Taps, 1, lanes, width, count * Taps, panel);
            for (var c = 0; c < count; c++, panel += Taps * width)
            {
                if (IsTransposed)
                    Panel.Pack(Source + ((nint)(first + c) * Out + channel) * Taps, Taps, 1, lanes, width, Taps, panel);
                var target = Packed + (nint)channel * In + (nint)(first + c) * width;
                for (var v = 0; v < width; v += S.Count)
                {
                    if (IsTransposed)
                        WinogradTransform<S, V, T>.Kernel(panel + v + (Taps - 1) * width, -width, room, target + v, Stride);
                    else
                        WinogradTransform<S, V, T>.Kernel(panel + v, width, room, target + v, Stride);
                }
            }
        }
    }
}
