using System.Numerics;

namespace Glia.Kernels;

/// <summary>The output of a convolution: one pass over the padded input.</summary>
internal static unsafe class ConvForward<S, V, TKernel, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const long LargePack = 1 << 15;

    public static void Run(in ConvGeometry g, T* x, T* w, T* y, PreparedConvolution? prepared)
    {
        var steps = checked((int)(g.GroupIn * g.Taps));
        if (WideProduct<S, V, TKernel, T>.Suits(g.GroupOut, steps, g.OutPlane))
        {
            RunWide(g, steps, x, w, y, prepared);
            return;
        }
        var planes = InputPlanes(g, x);
        var pass = new TapPass<T>
        {
            Steps = steps,
            Offsets = Offsets(g, planes, prepared),
            Weights = PreparedConvolution.Room<T>(prepared, Scratch.Slot.Weights, TapProduct<S, V, TKernel, T>.PackedSize(g.Groups, g.GroupOut, steps), out var isPacked),
            CountD = g.Depth.Out,
            CountH = g.Height.Out,
            CountW = g.Width.Out,
        };
        var pack = new PackJob { Source = w, Packed = pass.Weights, Rows = g.GroupOut, Steps = steps };
        if (!isPacked)
            WorkerPool.For(g.Groups * TapProduct<S, V, TKernel, T>.Panels(g.GroupOut), LargePack <= (long)g.OutChannels * g.GroupIn * g.Taps, ref pack);
        TapProduct<S, V, TKernel, T>.Run(g.Batch, planes, new ReadOnlySpan<TapPass<T>>(in pass), Output(g, y));
    }

    private static void RunWide(in ConvGeometry g, int steps, T* x, T* w, T* y, PreparedConvolution? prepared)
    {
        var blocks = new WindowBlocks<T>(
            WholePlanes(g, x), g.GroupIn, g.Batch, (g.Depth.Out, g.Height.Out, g.Width.Out), (g.Depth.Stride, g.Height.Stride, g.Width.Stride),
            WideProduct<S, V, TKernel, T>.BlockPositions(g.GroupOut, steps));
        var pass = new TapPass<T>
        {
            Steps = steps,
            Offsets = WholeOffsets(g, blocks.Local, prepared),
            Weights = PreparedConvolution.Room<T>(prepared, Scratch.Slot.Weights, WideProduct<S, V, TKernel, T>.PackedSize(g.Groups, g.GroupOut, steps), out var isPacked),
            CountD = g.Depth.Out,
            CountH = g.Height.Out,
            CountW = g.Width.Out,
        };
        var pack = new WidePackJob { Source = w, Packed = pass.Weights, Rows = g.GroupOut, Steps = steps };
        var panels = new ChannelBlocks<S, V, TKernel, T>(g.GroupOut).Count;
        if (!isPacked)
            WorkerPool.For(g.Groups * panels, LargePack <= (long)g.OutChannels * steps, ref pack);
        WideProduct<S, V, TKernel, T>.Run(blocks, pass, Output(g, y), prepared);
    }

    private static TapProduct<S, V, TKernel, T>.Target Output(in ConvGeometry g, T* y) => new()
    {
        Data = y,
        Groups = g.Groups,
        Rows = g.GroupOut,
        Depth = g.Depth.Out,
        Height = g.Height.Out,
        Width = g.Width.Out,
        StepD = 1,
        StepH = 1,
        StepW = 1,
    };

    /// <summary>The padded input in one piece, whatever the stride.</summary>
    public static PaddedPlanes<T> WholePlanes(in ConvGeometry g, T* x)
    {
        return new(Axis(g.Depth), Axis(g.Height), Axis(g.Width), g.InChannels, x);

        static PaddedAxis Axis(WindowAxis axis)
        {
            var windows = (axis.Out - 1) * axis.Stride + 1;
            var needed = windows + axis.Dilation * (axis.Kernel - 1);
            var isInside = axis.PadBefore == 0 && needed <= axis.In;
            return new(axis.In, isInside ? axis.In : needed, windows, Shift: -axis.PadBefore);
        }
    }

    /// <summary>Where in <see cref="WholePlanes"/> a window meets each channel of a group and each tap, in the order of the stored kernel.</summary>
    public static nint* WholeOffsets(in ConvGeometry g, in PaddedPlanes<T> planes, PreparedConvolution? prepared = null) => Offsets(g, planes, (1, 1, 1), prepared);

    /// <summary>The input as the windows read it.</summary>
    public static PaddedPlanes<T> InputPlanes(in ConvGeometry g, T* x) => new(
        PaddedAxis.ForWindows(g.Depth), PaddedAxis.ForWindows(g.Height), PaddedAxis.ForWindows(g.Width), g.InChannels, x);

    /// <summary>Where in <see cref="InputPlanes"/> the first window meets each channel of a group and each tap, in the order of the stored kernel.</summary>
    public static nint* Offsets(in ConvGeometry g, in PaddedPlanes<T> planes, PreparedConvolution? prepared = null) =>
        Offsets(g, planes, (g.Depth.Stride, g.Height.Stride, g.Width.Stride), prepared);

    // The planes of an axis are as many as its stride.
    private static nint* Offsets(in ConvGeometry g, in PaddedPlanes<T> planes, (int D, int H, int W) stride, PreparedConvolution? prepared)
    {
        var taps = (nint)g.Taps;
        var offsets = PreparedConvolution.Room<nint>(prepared, Scratch.Slot.Offsets, g.GroupIn * taps, out var isReady);
        if (isReady)
            return offsets;
        var next = offsets;
        for (var d = 0; d < g.Depth.Kernel; d++)
        {
            for (var h = 0; h < g.Height.Kernel; h++)
            {
                for (var w = 0; w < g.Width.Kernel; w++)
                {
                    var (td, th, tw) = (d * g.Depth.Dilation, h * g.Height.Dilation, w * g.Width.Dilation);
                    *next++ = planes.Offset(
                        td % stride.D, td / stride.D,
                        th % stride.H, th / stride.H,
                        tw % stride.W, tw / stride.W);
                }
            }
        }
        for (var end = offsets + g.GroupIn * taps; next < end; next++)
            *next = next[-taps] + planes.PlaneStride;
        return offsets;
    }

    private struct PackJob : IParallelJob
    {
        public T* Source, Packed;
        public int Rows, Steps;

        public readonly void Run(int index)
        {
            var panels = TapProduct<S, V, TKernel, T>.Panels(Rows);
            var group = index / panels;
            var panel = index % panels;
            var row = panel * TKernel.Rows;
            var source = Source + ((nint)group * Rows + row) * Steps;
            var packed = TapProduct<S, V, TKernel, T>.Panel(Packed, group, Rows, Steps, panel);
            Panel.Pack(source, Steps, 1, Math.Min(TKernel.Rows, Rows - row), TKernel.Rows, Steps, packed);
        }
    }

    private struct WidePackJob : IParallelJob
    {
        public T* Source, Packed;
        public int Rows, Steps;

        public readonly void Run(int index)
        {
            var blocks = new ChannelBlocks<S, V, TKernel, T>(Rows);
            var (group, block) = (index / blocks.Count, index % blocks.Count);
            var source = Source + ((nint)group * Rows + ChannelBlocks<S, V, TKernel, T>.First(block)) * Steps;
            var packed = WideProduct<S, V, TKernel, T>.Panel(Packed, group, Rows, Steps, block);
            Panel.Pack(source, Steps, 1, blocks.Channels(block), blocks.Width(block), Steps, packed);
        }
    }
}
