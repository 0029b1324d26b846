using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// The gradient with respect to a convolution's input. Input elements a stride apart meet the same taps, so each residue of the stride is a
/// lattice with a pass of its own over the padded gradient of the output: dx[c, s·q + f] = Σ_o Σ_k w[o, c, k] · dy[o, q + (f + pad − k·dilation) / s]
/// over the taps that divide evenly.
/// </summary>
internal static unsafe class ConvInputGradient<S, V, TKernel, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const long LargePack = 1 << 15;

    public static void Run(in ConvGeometry g, T* dy, T* w, T* dx)
    {
        var planes = new PaddedPlanes<T>(Padded(g.Depth), Padded(g.Height), Padded(g.Width), g.OutChannels, dy);
        var passes = Passes(g, planes, out var missing);
        if (missing)
        {
            // Elements that no window reads.
            for (nint i = 0; i < (nint)g.Batch * g.InChannels; i++)
                new Span<T>(dx + i * (nint)g.InPlane, (int)g.InPlane).Clear();
        }
        var target = new TapProduct<S, V, TKernel, T>.Target
        {
            Data = dx,
            Groups = g.Groups,
            Rows = g.GroupIn,
            Depth = g.Depth.In,
            Height = g.Height.In,
            Width = g.Width.In,
            StepD = g.Depth.Stride,
            StepH = g.Height.Stride,
            StepW = g.Width.Stride,
        };
        if (WideProduct<S, V, TKernel, T>.Suits(g.GroupIn, checked((int)(g.GroupOut * g.Taps)), g.InPlane))
        {
            foreach (var pass in passes)
                RunWide(g, planes, pass, w, target);
            return;
        }
        foreach (var pass in passes)
        {
            var pack = new PackJob { G = g, Pass = pass, Source = w };
            WorkerPool.For(g.Groups * TapProduct<S, V, TKernel, T>.Panels(g.GroupIn), LargePack <= (long)g.OutChannels * g.GroupIn * g.Taps, ref pack);
        }
        TapProduct<S, V, TKernel, T>.Run(g.Batch, planes, passes, target);
    }

    private static void RunWide(in ConvGeometry g, in PaddedPlanes<T> planes, TapPass<T> pass, T* w, in TapProduct<S, V, TKernel, T>.Target target)
    {
        var blocks = new WindowBlocks<T>(
            planes, g.GroupOut, g.Batch, (pass.CountD, pass.CountH, pass.CountW), (1, 1, 1), WideProduct<S, V, TKernel, T>.BlockPositions(g.GroupIn, pass.Steps));
        FillOffsets(g, blocks.Local, pass);
        pass.Weights = Scratch.Get<T>(Scratch.Slot.Weights, WideProduct<S, V, TKernel, T>.PackedSize(g.Groups, g.GroupIn, pass.Steps));
        var pack = new WidePackJob { G = g, Pass = pass, Source = w };
        var panels = new ChannelBlocks<S, V, TKernel, T>(g.GroupIn).Count;
        WorkerPool.For(g.Groups * panels, LargePack <= (long)g.InChannels * pass.Steps, ref pack);
        WideProduct<S, V, TKernel, T>.Run(blocks, pass, target);
    }

    // Residues that have both elements and taps.
    private static int Residues(WindowAxis axis) => Math.Min(axis.Stride, axis.In);

    private static int Count(WindowAxis axis, int residue) => (axis.In - residue + axis.Stride - 1) / axis.Stride;

    // The shift from q to the output position that reads element s·q + residue through the tap; false when none does.
    private static bool Meets(WindowAxis axis, int residue, int tap, out int shift)
    {
        var distance = residue + axis.PadBefore - tap * axis.Dilation;
        shift = distance / axis.Stride;
        return shift * axis.Stride == distance;
    }

    private static PaddedAxis Padded(WindowAxis axis)
    {
        var before = 0;
        var last = 0;
        for (var residue = 0; residue < Residues(axis); residue++)
        {
            for (var tap = 0; tap < axis.Kernel; tap++)
            {
                if (!Meets(axis, residue, tap, out var shift))
                    continue;
                before = Math.Max(before, -shift);
                last = Math.Max(last, Count(axis, residue) - 1 + shift);
            }
        }
        return new(axis.Out, before + last + 1, Count(axis, 0), Shift: -before);
    }

    private static ReadOnlySpan<TapPass<T>> Passes(in ConvGeometry g, in PaddedPlanes<T> planes, out bool missing)
    {
        var count = checked(Residues(g.Depth) * Residues(g.Height) * Residues(g.Width));
        var passes = Scratch.Get<TapPass<T>>(Scratch.Slot.Passes, count);
        // The passes share out the taps among them.
        var offsets = Scratch.Get<nint>(Scratch.Slot.Offsets, g.GroupOut * g.Taps);
        var steps = checked((int)(g.GroupOut * g.Taps));
        var weights = Scratch.Get<T>(Scratch.Slot.Weights, TapProduct<S, V, TKernel, T>.PackedSize(g.Groups, g.GroupIn, steps));
        var used = 0;
        missing = false;
        for (var d = 0; d < Residues(g.Depth); d++)
        {
            for (var h = 0; h < Residues(g.Height); h++)
            {
                for (var w = 0; w < Residues(g.Width); w++)
                {
                    var pass = new TapPass<T>
                    {
                        Offsets = offsets,
                        Weights = weights,
                        StartD = d,
                        StartH = h,
                        StartW = w,
                        CountD = Count(g.Depth, d),
                        CountH = Count(g.Height, h),
                        CountW = Count(g.Width, w),
                    };
                    pass.Steps = FillOffsets(g, planes, pass);
                    if (pass.Steps == 0)
                    {
                        missing = true;
                        continue;
                    }
                    offsets += pass.Steps;
                    weights += TapProduct<S, V, TKernel, T>.PackedSize(g.Groups, g.GroupIn, pass.Steps);
                    passes[used++] = pass;
                }
            }
        }
        return new(passes, used);
    }

    private static int FillOffsets(in ConvGeometry g, in PaddedPlanes<T> planes, in TapPass<T> pass)
    {
        var taps = 0;
        for (var d = 0; d < g.Depth.Kernel; d++)
        {
            if (!Meets(g.Depth, pass.StartD, d, out var shiftD))
                continue;
            for (var h = 0; h < g.Height.Kernel; h++)
            {
                if (!Meets(g.Height, pass.StartH, h, out var shiftH))
                    continue;
                for (var w = 0; w < g.Width.Kernel; w++)
                {
                    if (!Meets(g.Width, pass.StartW, w, out var shiftW))
                        continue;
                    pass.Offsets[taps++] = planes.Offset(
                        0, shiftD - planes.Depth.Shift, 0, shiftH - planes.Height.Shift, 0, shiftW - planes.Width.Shift);
                }
            }
        }
        var steps = taps * g.GroupOut;
        for (var i = taps; i < steps; i++)
            pass.Offsets[i] = pass.Offsets[i - taps] + planes.PlaneStride;
        return steps;
    }

    private struct PackJob : IParallelJob
    {
        public ConvGeometry G;
        public TapPass<T> Pass;
        public T* Source;

        public readonly void Run(int index)
        {
            var panels = TapProduct<S, V, TKernel, T>.Panels(G.GroupIn);
            var (group, row) = (index / panels, index % panels * TKernel.Rows);
            var packed = TapProduct<S, V, TKernel, T>.Panel(Pass.Weights, group, G.GroupIn, Pass.Steps, index % panels);
            Pack(G, Pass, Source, group, row, Math.Min(TKernel.Rows, G.GroupIn - row), TKernel.Rows, packed);
        }
    }

    private struct WidePackJob : IParallelJob
    {
        public ConvGeometry G;
        public TapPass<T> Pass;
        public T* Source;

        public readonly void Run(int index)
        {
            var blocks = new ChannelBlocks<S, V, TKernel, T>(G.GroupIn);
            var (group, block) = (index / blocks.Count, index % blocks.Count);
            var packed = WideProduct<S, V, TKernel, T>.Panel(Pass.Weights, group, G.GroupIn, Pass.Steps, block);
            Pack(G, Pass, Source, group, ChannelBlocks<S, V, TKernel, T>.First(block), blocks.Channels(block), blocks.Width(block), packed);
        }
    }

    // The weights of a pass for some neighbouring input channels, for each output channel and tap.
    private static void Pack(in ConvGeometry g, in TapPass<T> pass, T* source, int group, int row, int lanes, int width, T* packed)
    {
        var taps = (int)g.Taps;
        for (var o = 0; o < g.GroupOut; o++)
        {
            var kernels = source + (((nint)group * g.GroupOut + o) * g.GroupIn + row) * taps;
            if (pass.Steps == g.GroupOut * taps)
            {
                Panel.Pack(kernels, taps, 1, lanes, width, taps, packed);
                packed += (nint)width * taps;
                continue;
            }
            for (var d = 0; d < g.Depth.Kernel; d++)
            {
                if (!Meets(g.Depth, pass.StartD, d, out _))
                    continue;
                for (var h = 0; h < g.Height.Kernel; h++)
                {
                    if (!Meets(g.Height, pass.StartH, h, out _))
                        continue;
                    for (var w = 0; w < g.Width.Kernel; w++)
                    {
                        if (!Meets(g.Width, pass.StartW, w, out _))
                            continue;
                        Panel.Pack(kernels + ((nint)d * g.Height.Kernel + h) * g.Width.Kernel + w, taps, 1, lanes, width, 1, packed);
                        packed += width;
                    }
                }
            }
        }
    }
}
