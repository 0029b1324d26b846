using Glia.Kernels;

namespace Glia.Backends;

internal sealed partial class ReferenceBackend
{
    /// <summary>y[n, o, p] = Σ w[o, c, k]·x[n, c, at(p, k)].</summary>
    public override void Convolution(in ConvGeometry geometry, Tensor x, Tensor weight, Tensor y, PreparedConvolution? prepared)
    {
        y.FillInPlace(0);
        ForEachProduct(geometry, (xi, wi, yi) => y.SetFlat(yi, y.GetFlat(yi) + (weight.GetFlat(wi) * x.GetFlat(xi))));
    }

    public override void ConvolutionInputGradient(in ConvGeometry geometry, Tensor dy, Tensor weight, Tensor dx)
    {
        dx.FillInPlace(0);
        ForEachProduct(geometry, (xi, wi, yi) => dx.SetFlat(xi, dx.GetFlat(xi) + (weight.GetFlat(wi) * dy.GetFlat(yi))));
    }

    public override void ConvolutionWeightGradient(in ConvGeometry geometry, Tensor x, Tensor dy, Tensor dw)
    {
        dw.FillInPlace(0);
        ForEachProduct(geometry, (xi, wi, yi) => dw.SetFlat(wi, dw.GetFlat(wi) + (x.GetFlat(xi) * dy.GetFlat(yi))));
    }

    public override void MaxPool(in PoolGeometry geometry, Tensor x, Tensor y, Tensor argmax)
    {
        var (planeIn, planeOut) = PlaneSizes(geometry);
        for (var plane = 0; plane < geometry.Planes; plane++)
        {
            for (var p = 0; p < planeOut; p++)
            {
                var best = -1;
                foreach (var q in Window(geometry, p))
                {
                    var value = x.GetFlat((plane * planeIn) + q);
                    if (best < 0 || value > x.GetFlat((plane * planeIn) + best) || (double.IsNaN(value) && !double.IsNaN(x.GetFlat((plane * planeIn) + best))))
                        best = q;
                }
                argmax.SetFlat((plane * planeOut) + p, best);
                y.SetFlat((plane * planeOut) + p, best < 0 ? double.NegativeInfinity : x.GetFlat((plane * planeIn) + best));
            }
        }
    }

    public override void PoolScatter(in PoolGeometry geometry, Tensor argmax, Tensor dy, Tensor dx)
    {
        var (planeIn, planeOut) = PlaneSizes(geometry);
        dx.FillInPlace(0);
        for (var i = 0; i < dy.Count; i++)
        {
            if (argmax.GetFlat(i) < 0)
                continue;
            var at = (i / planeOut * planeIn) + (int)argmax.GetFlat(i);
            dx.SetFlat(at, dx.GetFlat(at) + dy.GetFlat(i));
        }
    }

    public override void PoolGather(in PoolGeometry geometry, Tensor argmax, Tensor x, Tensor y)
    {
        var (planeIn, planeOut) = PlaneSizes(geometry);
        for (var i = 0; i < y.Count; i++)
            y.SetFlat(i, argmax.GetFlat(i) < 0 ? 0 : x.GetFlat((i / planeOut * planeIn) + (int)argmax.GetFlat(i)));
    }

    public override void AveragePool(in PoolGeometry geometry, bool countIncludePad, Tensor x, Tensor y)
    {
        y.FillInPlace(0);
        ForEachShare(geometry, countIncludePad, (xi, yi, share) => y.SetFlat(yi, y.GetFlat(yi) + (share * x.GetFlat(xi))));
    }

    public override void AveragePoolBackward(in PoolGeometry geometry, bool countIncludePad, Tensor dy, Tensor dx)
    {
        dx.FillInPlace(0);
        ForEachShare(geometry, countIncludePad, (xi, yi, share) => dx.SetFlat(xi, dx.GetFlat(xi) + (share * dy.GetFlat(yi))));
    }

    /// <summary>Visits every (input, weight, output) triple whose product is part of the convolution.</summary>
    private static void ForEachProduct(in ConvGeometry g, Action<int, int, int> visit)
    {
        var taps = (int)g.Taps;
        for (var n = 0; n < g.Batch; n++)
        {
            for (var o = 0; o < g.OutChannels; o++)
            {
                for (var c = 0; c < g.GroupIn; c++)
                {
                    var channel = (o / g.GroupOut * g.GroupIn) + c;
                    for (var p = 0; p < g.OutPlane; p++)
                    {
                        for (var k = 0; k < taps; k++)
                        {
                            if (At(g.Depth, g.Height, g.Width, p, k) is { } q)
                                visit((int)((((n * g.InChannels) + channel) * g.InPlane) + q), (((o * g.GroupIn) + c) * taps) + k, (int)((((n * g.OutChannels) + o) * g.OutPlane) + p));
                        }
                    }
                }
            }
        }
    }

    private static void ForEachShare(in PoolGeometry g, bool countIncludePad, Action<int, int, double> visit)
    {
        var (planeIn, planeOut) = PlaneSizes(g);
        for (var p = 0; p < planeOut; p++)
        {
            var window = Window(g, p).ToArray();
            var divisor = countIncludePad ? PaddedCount(g, p) : window.Length;
            for (var plane = 0; plane < g.Planes; plane++)
            {
                foreach (var q in window)
                    visit((plane * planeIn) + q, (plane * planeOut) + p, 1.0 / divisor);
            }
        }
    }

    /// <summary>Which element of a plane lies under tap k of the window at position p; null in the padding.</summary>
    private static int? At(WindowAxis depth, WindowAxis height, WindowAxis width, int p, int k, int outHeight = 0, int outWidth = 0)
    {
        var (oh, ow) = (outHeight == 0 ? height.Out : outHeight, outWidth == 0 ? width.Out : outWidth);
        var d = Along(depth, p / (oh * ow), k / (height.Kernel * width.Kernel));
        var h = Along(height, p / ow % oh, k / width.Kernel % height.Kernel);
        var w = Along(width, p % ow, k % width.Kernel);
        return d < 0 || h < 0 || w < 0 ? null : (((d * height.In) + h) * width.In) + w;
    }

    private static int Along(WindowAxis axis, int position, int tap)
    {
        var at = (position * axis.Stride) + (tap * axis.Dilation) - axis.PadBefore;
        return at < axis.In ? at : -1;
    }

    private static IEnumerable<int> Window(PoolGeometry g, int p)
    {
        var (outHeight, outWidth) = (g.OutHeight, g.OutWidth);
        return Enumerable.Range(0, g.Depth.Kernel * g.Height.Kernel * g.Width.Kernel)
            .Select(k => At(g.Depth, g.Height, g.Width, p, k, outHeight, outWidth))
            .OfType<int>();
    }

    /// <summary>The window's size, cut off where it hangs over the padded input.</summary>
    private static int PaddedCount(in PoolGeometry g, int p) =>
        Padded(g.Depth, p / (g.OutHeight * g.OutWidth)) * Padded(g.Height, p / g.OutWidth % g.OutHeight) * Padded(g.Width, p % g.OutWidth);

    private static int Padded(WindowAxis axis, int position) =>
        Math.Min(axis.Kernel, axis.PadBefore + axis.In + axis.PadAfter - (position * axis.Stride));

    private static (int In, int Out) PlaneSizes(in PoolGeometry g) =>
        (g.Depth.In * g.Height.In * g.Width.In, g.OutDepth * g.OutHeight * g.OutWidth);
}
