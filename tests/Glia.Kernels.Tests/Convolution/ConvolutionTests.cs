using System.Numerics;

namespace Glia.Kernels.Tests;

public class ConvolutionTests
{
    public static TheoryData<string> IsaNames => Numbers.IsaNames;

    private static readonly WindowAxis Unit = WindowAxis.Unit;

    private static IEnumerable<ConvGeometry> Geometries()
    {
        // One axis: every combination of kernel, stride, dilation and padding, and lengths around vector widths.
        foreach (var length in new[] { 1, 2, 5, 15, 16, 17, 33 })
        {
            foreach (var kernel in new[] { 1, 2, 3, 5 })
            {
                foreach (var stride in new[] { 1, 2, 3 })
                {
                    foreach (var dilation in new[] { 1, 2 })
                    {
                        foreach (var (before, after) in new[] { (0, 0), (1, 1), (0, 2), (3, 1) })
                            yield return new(2, 3, 4, 1, Unit, Unit, new(length, kernel, stride, before, after, dilation));
                    }
                }
            }
        }
        // Two axes.
        yield return new(3, 1, 6, 1, Unit, new(28, 5, 1, 2, 2), new(28, 5, 1, 2, 2));
        yield return new(2, 6, 16, 1, Unit, new(14, 5), new(14, 5));
        yield return new(2, 16, 13, 1, Unit, new(9, 3, 1, 1, 1), new(11, 3, 1, 1, 1));
        yield return new(2, 5, 7, 1, Unit, new(9, 3, 2, 1, 0), new(12, 2, 3, 0, 2));
        yield return new(2, 5, 7, 1, Unit, new(11, 3, 2, 4, 3, 3), new(12, 3, 1, 2, 5, 2));
        yield return new(1, 40, 25, 1, Unit, new(8, 3, 1, 1, 1), new(8, 3, 1, 1, 1));
        yield return new(3, 20, 30, 1, Unit, new(7, 1), new(6, 1));
        yield return new(3, 20, 30, 1, Unit, new(7, 1, 2), new(6, 1, 3));
        yield return new(2, 4, 4, 1, Unit, new(7, 2, 3), new(7, 1, 4));
        yield return new(2, 3, 5, 1, Unit, new(1, 1, 1, 2, 3), new(3, 2, 5, 4, 4));
        yield return new(1, 2, 2, 1, Unit, new(64, 3, 1, 1, 1), new(62, 3, 1, 1, 1));
        // Kernels of one element: products of matrices, few and many images.
        yield return new(2, 21, 37, 1, Unit, new(9, 1), new(13, 1));
        yield return new(9, 70, 50, 1, Unit, new(7, 1), new(7, 1));
        yield return new(9, 16, 16, 1, new(2, 1), new(4, 1), new(4, 1));
        yield return new(3, 260, 250, 1, Unit, new(6, 1), new(11, 1));
        // Enough channels for wide blocks of weights and of kernel gradients.
        yield return new(2, 60, 130, 1, Unit, new(6, 3, 1, 1, 1), new(17, 6, 1, 2, 3));
        yield return new(5, 58, 66, 1, Unit, new(5, 3, 1, 1, 1), new(5, 3));
        // Planes cut into blocks of rows, several images to a block, and images in chunks.
        yield return new(2, 12, 35, 1, Unit, new(29, 3, 1, 1, 1), new(31, 3, 1, 1, 1));
        yield return new(2, 11, 33, 1, Unit, new(43, 3, 2, 1, 1), new(41, 5, 2, 3, 2));
        yield return new(9, 13, 50, 1, Unit, new(7, 3, 1, 1, 1), new(5, 3, 1, 1, 1));
        yield return new(9, 26, 7, 1, Unit, new(7, 3, 1, 1, 1), new(5, 3, 1, 1, 1));
        yield return new(3, 2, 30, 1, Unit, new(150, 1), new(160, 1));
        yield return new(1, 100, 150, 1, Unit, new(4, 3, 1, 1, 1), new(5, 3, 1, 1, 1));
        yield return new(1, 6, 30, 1, new(9, 3, 1, 1, 1), new(11, 2), new(10, 3, 1, 1, 1));
        yield return new(2, 52, 56, 2, new(3, 2, 2, 1, 0), new(9, 3, 2, 1, 1), new(9, 2, 3, 0, 2));
        // One vector of channels, for vectors of 4, 8 and 16 numbers, on either side.
        yield return new(3, 27, 4, 1, Unit, new(7, 3, 1, 1, 1), new(9, 3, 1, 1, 1));
        yield return new(3, 11, 8, 1, Unit, new(7, 3, 1, 1, 1), new(9, 3, 1, 1, 1));
        yield return new(2, 8, 12, 1, Unit, new(6, 3, 1, 1, 1), new(5, 3, 2, 1, 1));
        yield return new(2, 4, 24, 1, Unit, new(6, 5, 1, 2, 2), new(5, 5, 1, 2, 2));
        yield return new(2, 11, 15, 1, Unit, new(6, 3, 1, 1, 1), new(5, 3, 1, 1, 1));
        // Few channels on planes longer than a strip of sums.
        yield return new(9, 3, 5, 1, Unit, new(70, 3, 1, 1, 1), new(61, 3, 1, 1, 1));
        yield return new(1, 2, 11, 1, Unit, new(53, 3, 2, 1, 1), new(90, 5, 2, 2, 2));
        // Small kernels and planes of many images, whose kernel gradients are summed in parts of the batch.
        yield return new(19, 1, 6, 1, Unit, new(11, 5, 1, 2, 2), new(9, 5, 1, 2, 2));
        yield return new(17, 2, 7, 1, Unit, new(9, 3, 2, 1, 1), new(8, 3, 2, 0, 1));
        yield return new(16, 3, 5, 1, Unit, new(6, 3), new(7, 2));
        yield return new(40, 1, 1, 1, Unit, new(1, 1), new(3, 2));
        yield return new(21, 4, 9, 1, Unit, Unit, new(13, 3, 1, 1, 1, 2));
        yield return new(16, 1, 3, 1, new(4, 2, 1, 1, 0), new(5, 2), new(6, 3, 1, 1, 1));
        // Groups and depthwise.
        yield return new(2, 6, 8, 2, Unit, new(9, 3, 1, 1, 1), new(8, 3, 2, 1, 1));
        yield return new(2, 7, 7, 7, Unit, new(9, 3, 1, 1, 1), new(18, 3, 1, 1, 1));
        yield return new(2, 5, 15, 5, Unit, new(9, 3, 2, 1, 1), new(8, 5, 2, 2, 2));
        yield return new(1, 4, 4, 4, Unit, new(40, 3), new(40, 3));
        // Three axes.
        yield return new(2, 2, 3, 1, new(5, 3, 1, 1, 1), new(6, 2, 1, 0, 1), new(7, 3, 1, 1, 1));
        yield return new(2, 4, 6, 2, new(6, 3, 2, 1, 0), new(5, 2, 2), new(9, 3, 3, 2, 2));
        yield return new(1, 2, 2, 1, new(4, 1), new(5, 1), new(6, 1));
        yield return new(1, 2, 3, 1, new(4, 2, 1, 0, 0, 2), new(5, 3), new(6, 2));
        // No images.
        yield return new(0, 2, 3, 1, Unit, new(5, 3), new(6, 2));
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Forward_AllGeometries_MatchesPlainLoops(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var g in Geometries())
        {
            CheckForward<float>(g);
            CheckForward<double>(g);
        }
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Forward_Prepared_IsTheSameToTheBit_AfterOthersToo(string isa)
    {
        using var scope = Numbers.Use(isa);
        // The last is one for Winograd's algorithm.
        ConvGeometry[] geometries = [.. Geometries().Where(g => g.Height.Out > 0 && g.Width.Out > 0), new(2, 40, 70, 1, Unit, new(20, 3, 1, 1, 1), new(20, 3, 1, 1, 1))];
        var prepared = Array.ConvertAll(geometries, _ => new PreparedConvolution());
        foreach (var seed in new[] { 4, 5 })
        {
            for (var i = 0; i < geometries.Length; i++)
            {
                var (x, w, dy) = Operands<float>(geometries[i]);
                x = Numbers.Uniform<float>(x.Length, seed);
                var (expected, y) = (new float[dy.Length], new float[dy.Length]);
                Convolution.Forward<float>(geometries[i], x, w, expected);
                Convolution.Forward<float>(geometries[i], x, w, y, prepared[i]);
                Assert.True(expected.AsSpan().SequenceEqual(y), $"{geometries[i]}, call with numbers of seed {seed}");
            }
        }
    }

    [Fact]
    public void Forward_PreparedForOtherVectors_IsPreparedAnew()
    {
        var g = new ConvGeometry(1, 12, 35, 1, Unit, new(9, 3, 1, 1, 1), new(11, 3, 1, 1, 1));
        var (x, w, dy) = Operands<float>(g);
        var prepared = new PreparedConvolution();
        foreach (var isa in Numbers.Isas.Concat(Numbers.Isas))
        {
            using var scope = IsaSupport.Use(isa);
            var (expected, y) = (new float[dy.Length], new float[dy.Length]);
            Convolution.Forward<float>(g, x, w, expected);
            Convolution.Forward<float>(g, x, w, y, prepared);
            Assert.Equal(expected, y);
        }
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Gradients_AllGeometries_AreTheAdjointsOfForward(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var g in Geometries())
        {
            CheckGradients<float>(g);
            CheckGradients<double>(g);
        }
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void All_AnyNumberOfThreads_BitIdentical(string isa)
    {
        using var scope = Numbers.Use(isa);
        var geometries = new ConvGeometry[]
        {
            new(9, 6, 16, 1, Unit, new(30, 5, 1, 2, 2), new(30, 5, 1, 2, 2)),
            new(19, 1, 6, 1, Unit, new(28, 5, 1, 2, 2), new(28, 5, 1, 2, 2)),
            new(19, 12, 8, 1, Unit, new(12, 3, 1, 1, 1), new(12, 3, 1, 1, 1)),
            new(5, 30, 26, 2, Unit, new(19, 3, 2, 1, 1), new(23, 3, 2, 1, 1)),
            new(3, 32, 32, 32, Unit, new(40, 3, 1, 1, 1), new(40, 3, 1, 1, 1)),
            new(70, 64, 48, 1, Unit, new(10, 1), new(10, 1)),
            new(3, 40, 70, 1, Unit, new(40, 3, 1, 1, 1), new(40, 3, 1, 1, 1)),
            new(3, 70, 40, 1, Unit, new(40, 3, 2, 1, 1), new(40, 3, 2, 1, 1)),
        };
        foreach (var g in geometries)
        {
            float[]? first = null;
            foreach (var threads in new[] { 1, 2, 3 })
            {
                using var pool = new ThreadsScope(threads);
                var (x, w, dy) = Operands<float>(g);
                var (y, dw, dx) = (new float[dy.Length], new float[w.Length], new float[x.Length]);
                Convolution.Forward<float>(g, x, w, y);
                Convolution.WeightGradient<float>(g, x, dy, dw);
                Convolution.InputGradient<float>(g, dy, w, dx);
                float[] all = [.. y, .. dw, .. dx];
                first ??= all;
                Assert.Equal(first, all);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    public void All_SteadyState_AllocatesNothing(int batch)
    {
        using var pool = new ThreadsScope(1);
        var g = new ConvGeometry(batch, 3, 5, 1, Unit, new(12, 3, 2, 1, 1), new(12, 3, 1, 1, 1));
        var (x, w, dy) = Operands<float>(g);
        var before = 0L;
        for (var round = 0; round < 2; round++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            Convolution.Forward<float>(g, x, w, dy);
            Convolution.WeightGradient<float>(g, x, dy, w);
            Convolution.InputGradient<float>(g, dy, w, x);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Out_WindowDoesNotFit_IsZeroAndRefused()
    {
        var axis = new WindowAxis(2, 3, 2);
        Assert.Equal(0, axis.Out);
        var g = new ConvGeometry(1, 1, 1, 1, Unit, Unit, axis);
        var e = Assert.Throws<ArgumentException>(() => Convolution.Forward<float>(g, new float[9], new float[9], new float[9]));
        Assert.StartsWith("The window does not fit the width axis", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_ImpossibleSizes_SaysWhatIsWrong()
    {
        var good = new WindowAxis(4, 2);
        var g = new ConvGeometry(1, 2, 2, 1, Unit, good, good);
        var e = Assert.Throws<ArgumentException>(() => Convolution.Forward<float>(g, new float[32], new float[15], new float[18]));
        Assert.Equal("The convolution's kernel needs 16 numbers; the span has 15.", e.Message);
        Assert.Throws<ArgumentException>(() => Convolution.Forward<float>(g, new float[31], new float[16], new float[18]));
        Assert.Throws<ArgumentException>(() => Convolution.InputGradient<float>(g, new float[17], new float[16], new float[32]));
        Assert.Throws<ArgumentException>(() => Convolution.Forward<float>(g with { Groups = 3 }, new float[32], new float[16], new float[18]));
        Assert.Throws<ArgumentException>(() => Convolution.Forward<float>(g with { Width = default }, new float[32], new float[16], new float[18]));
    }

    internal static (T[] X, T[] W, T[] Dy) Operands<T>(ConvGeometry g)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => (Numbers.Uniform<T>((int)(g.Batch * g.InChannels * g.InPlane), 1),
            Numbers.Uniform<T>((int)(g.OutChannels * g.GroupIn * g.Taps), 2),
            Numbers.Uniform<T>((int)(g.Batch * g.OutChannels * g.OutPlane), 3));

    private static void CheckForward<T>(ConvGeometry g)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (g.Height.Out == 0 || g.Width.Out == 0)
            return;
        var (x, w, dy) = Operands<T>(g);
        var expected = Plain(g, x, w);
        var y = Guarded<T>(dy.Length);
        Convolution.Forward<T>(g, x, w, y.AsSpan(0, dy.Length));
        for (var i = 0; i < expected.Length; i++)
        {
            if (!Numbers.AreClose(expected[i], y[i], (int)(g.GroupIn * g.Taps)))
                Assert.Fail($"{g} at {i}: expected {expected[i]:R}, got {y[i]}");
        }
        AssertGuard(y, dy.Length, g);
    }

    // ⟨dy, conv(x, w)⟩ = ⟨dx, x⟩ = ⟨dw, w⟩, and for a dy with a single one, element by element.
    private static void CheckGradients<T>(ConvGeometry g)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (g.Height.Out == 0 || g.Width.Out == 0)
            return;
        var (x, w, dy) = Operands<T>(g);
        CheckAdjoint(g, x, w, dy);
        if (dy.Length == 0)
            return;
        var single = new T[dy.Length];
        single[dy.Length * 2 / 3] = T.One;
        CheckAdjoint(g, x, w, single);
    }

    private static void CheckAdjoint<T>(ConvGeometry g, T[] x, T[] w, T[] dy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var y = Plain(g, x, w);
        var dx = Guarded<T>(x.Length);
        var dw = Guarded<T>(w.Length);
        Convolution.InputGradient<T>(g, dy, w, dx.AsSpan(0, x.Length));
        Convolution.WeightGradient<T>(g, x, dy, dw.AsSpan(0, w.Length));
        AssertGuard(dx, x.Length, g);
        AssertGuard(dw, w.Length, g);
        var expected = 0.0;
        for (var i = 0; i < y.Length; i++)
            expected += y[i] * double.CreateChecked(dy[i]);
        AssertSame(expected, Numbers.Dot<T>(dx.AsSpan(0, x.Length), x), $"input gradient of {g}");
        AssertSame(expected, Numbers.Dot<T>(dw.AsSpan(0, w.Length), w), $"weight gradient of {g}");

        void AssertSame(double wanted, double got, string what)
        {
            var unit = typeof(T) == typeof(float) ? 1e-6 : 1e-14;
            Assert.True(Math.Abs(wanted - got) <= unit * (20 + y.Length), $"{what}: expected {wanted:R}, got {got:R}");
        }
    }

    internal static double[] Plain<T>(ConvGeometry g, T[] x, T[] w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (d, h, v) = (g.Depth, g.Height, g.Width);
        var y = new double[g.Batch * g.OutChannels * g.OutPlane];
        var at = 0;
        for (var n = 0; n < g.Batch; n++)
            for (var o = 0; o < g.OutChannels; o++)
                for (var od = 0; od < d.Out; od++)
                    for (var oh = 0; oh < h.Out; oh++)
                        for (var ow = 0; ow < v.Out; ow++, at++)
                            y[at] = Window(n, o, od, oh, ow);
        return y;

        double Window(int n, int o, int od, int oh, int ow)
        {
            var sum = 0.0;
            for (var c = 0; c < g.GroupIn; c++)
                for (var kd = 0; kd < d.Kernel; kd++)
                    for (var kh = 0; kh < h.Kernel; kh++)
                        for (var kw = 0; kw < v.Kernel; kw++)
                        {
                            var id = od * d.Stride + kd * d.Dilation - d.PadBefore;
                            var ih = oh * h.Stride + kh * h.Dilation - h.PadBefore;
                            var iw = ow * v.Stride + kw * v.Dilation - v.PadBefore;
                            if ((uint)id >= (uint)d.In || (uint)ih >= (uint)h.In || (uint)iw >= (uint)v.In)
                                continue;
                            var channel = o / g.GroupOut * g.GroupIn + c;
                            var from = ((((n * g.InChannels) + channel) * d.In + id) * h.In + ih) * v.In + iw;
                            var weight = ((((o * g.GroupIn) + c) * d.Kernel + kd) * h.Kernel + kh) * v.Kernel + kw;
                            sum += double.CreateChecked(x[from]) * double.CreateChecked(w[weight]);
                        }
            return sum;
        }
    }

    // NaN everywhere: what is not overwritten shows, and so does a write past the end.
    internal static T[] Guarded<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[length + 40];
        Array.Fill(values, T.NaN);
        return values;
    }

    internal static void AssertGuard<T>(T[] values, int length, ConvGeometry g)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = length; i < values.Length; i++)
            Assert.True(T.IsNaN(values[i]), $"{g} wrote past the end");
    }
}
