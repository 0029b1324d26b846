namespace Glia.Kernels.Tests;

public class WinogradTests
{
    private static readonly WindowAxis Unit = WindowAxis.Unit;

    public static TheoryData<string> IsaNames => Numbers.IsaNames;

    // Planes that do and do not fill their tiles, every padding, channels around vector widths, blocks of rows within and across images.
    private static IEnumerable<ConvGeometry> Geometries()
    {
        yield return new(1, 16, 16, 1, Unit, new(16, 3, 1, 1, 1), new(16, 3, 1, 1, 1));
        yield return new(3, 17, 19, 1, Unit, new(9, 3, 1, 1, 1), new(13, 3, 1, 1, 1));
        yield return new(2, 24, 33, 1, Unit, new(14, 3), new(11, 3));
        yield return new(2, 33, 24, 1, Unit, new(11, 3, 1, 2, 2), new(10, 3, 1, 2, 2));
        yield return new(2, 16, 40, 1, Unit, new(13, 3, 1, 0, 2), new(15, 3, 1, 2, 1));
        yield return new(2, 18, 16, 1, Unit, new(9, 3, 1, 3, 4), new(12, 3, 1, 5, 3));
        yield return new(9, 31, 50, 1, Unit, new(7, 3, 1, 1, 1), new(8, 3, 1, 1, 1));
        yield return new(1, 16, 16, 1, Unit, new(5, 3, 1, 1, 1), new(131, 3, 1, 1, 1));
        yield return new(1, 16, 16, 1, Unit, new(131, 3, 1, 1, 1), new(6, 3, 1, 1, 1));
        yield return new(4, 72, 150, 1, Unit, new(14, 3, 1, 1, 1), new(15, 3, 1, 1, 1));
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void All_AwkwardSizes_MatchPlainSums(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var g in Geometries())
        {
            Assert.True(Winograd.Suits<float>(g, g.Height.Out, g.Width.Out) && Winograd.Suits<float>(g, g.Height.In, g.Width.In) && Winograd.SuitsKernelGradient<float>(g));
            var (x, w, dy) = ConvolutionTests.Operands<float>(g);
            var (y, dx, dw) = (ConvolutionTests.Guarded<float>(dy.Length), ConvolutionTests.Guarded<float>(x.Length), ConvolutionTests.Guarded<float>(w.Length));
            Convolution.Forward<float>(g, x, w, y.AsSpan(0, dy.Length));
            Convolution.InputGradient<float>(g, dy, w, dx.AsSpan(0, x.Length));
            Convolution.WeightGradient<float>(g, x, dy, dw.AsSpan(0, w.Length));
            var (plainDx, plainDw) = PlainGradients(g, x, w, dy);
            AssertClose(ConvolutionTests.Plain(g, x, w), y, $"output of {g}");
            AssertClose(plainDx, dx, $"input gradient of {g}");
            AssertClose(plainDw, dw, $"kernel gradient of {g}");
            ConvolutionTests.AssertGuard(y, dy.Length, g);
            ConvolutionTests.AssertGuard(dx, x.Length, g);
            ConvolutionTests.AssertGuard(dw, w.Length, g);
        }
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void All_AnyNumberOfThreads_BitIdentical(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var g in Geometries())
        {
            float[]? first = null;
            foreach (var threads in new[] { 1, 2, 3 })
            {
                using var pool = new ThreadsScope(threads);
                var all = Compute(g);
                first ??= all;
                Assert.Equal(first, all);
            }
        }
    }

    // Activations after ReLU, weights that keep their scale, and the tolerance at which PyTorch compares floats.
    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Forward_ManyChannels_ErrorIsWithinFloatTolerance(string isa)
    {
        using var scope = Numbers.Use(isa);
        var g = new ConvGeometry(2, 256, 16, 1, Unit, new(16, 3, 1, 1, 1), new(16, 3, 1, 1, 1));
        Assert.True(Winograd.Suits<float>(g, 16, 16));
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 2 * 256 * 256).Select(_ => MathF.Max(0, Normal(random)))];
        float[] w = [.. Enumerable.Range(0, 16 * 256 * 9).Select(_ => Normal(random) * MathF.Sqrt(2f / (256 * 9)))];
        var y = new float[2 * 16 * 256];
        Convolution.Forward<float>(g, x, w, y);
        var expected = ConvolutionTests.Plain(g, x, w);
        for (var i = 0; i < y.Length; i++)
            Assert.True(Math.Abs(expected[i] - y[i]) <= 1e-5 + 1.3e-6 * Math.Abs(expected[i]), $"at {i}: expected {expected[i]:R}, got {y[i]}");
    }

    [Fact]
    public void IsEnabled_False_GivesTheDirectSum()
    {
        var g = new ConvGeometry(2, 16, 32, 1, Unit, new(12, 3, 1, 1, 1), new(12, 3, 1, 1, 1));
        var fast = Compute(g);
        try
        {
            Winograd.IsEnabled = false;
            Assert.False(Winograd.Suits<float>(g, 12, 12));
            var direct = Compute(g);
            Assert.NotEqual(direct, fast);
            AssertClose([.. direct.Select(v => (double)v)], fast, "both ways");
        }
        finally
        {
            Winograd.IsEnabled = true;
        }
    }

    [Fact]
    public void Suits_OtherConvolutions_IsFalse()
    {
        WindowAxis axis = new(16, 3, 1, 1, 1);
        var good = new ConvGeometry(4, 32, 32, 1, Unit, axis, axis);
        Assert.True(Winograd.Suits<float>(good, 16, 16));
        Assert.False(Winograd.Suits<double>(good, 16, 16));
        ConvGeometry[] others =
        [
            good with { Groups = 2 }, good with { InChannels = 3 }, good with { OutChannels = 8 }, good with { Batch = 0 }, good with { Depth = axis },
            good with { Width = axis with { Stride = 2 } }, good with { Height = axis with { Dilation = 2 } }, good with { Width = axis with { Kernel = 5 } },
        ];
        Assert.All(others, g => Assert.False(Winograd.Suits<float>(g, 16, 16)));
        Assert.False(Winograd.Suits<float>(good with { Batch = 100 }, 1, 16));
    }

    [Fact]
    public void All_SteadyState_AllocatesNothing()
    {
        using var pool = new ThreadsScope(1);
        var g = new ConvGeometry(2, 16, 16, 1, Unit, new(12, 3, 1, 1, 1), new(12, 3, 1, 1, 1));
        var (x, w, dy) = ConvolutionTests.Operands<float>(g);
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

    [Theory]
    [InlineData(null, true)]
    [InlineData(" ", true)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    public void Parse_Values_AreRead(string? value, bool expected) => Assert.Equal(expected, Winograd.Parse(value));

    [Fact]
    public void Parse_Nonsense_SaysWhatIsPossible()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Winograd.Parse("maybe"));
        Assert.StartsWith("GLIA_WINOGRAD is 'maybe'; use 1", e.Message, StringComparison.Ordinal);
    }

    private static float[] Compute(ConvGeometry g)
    {
        var (x, w, dy) = ConvolutionTests.Operands<float>(g);
        var (y, dw, dx) = (new float[dy.Length], new float[w.Length], new float[x.Length]);
        Convolution.Forward<float>(g, x, w, y);
        Convolution.WeightGradient<float>(g, x, dy, dw);
        Convolution.InputGradient<float>(g, dy, w, dx);
        return [.. y, .. dw, .. dx];
    }

    // Errors grow with the size of the sums, not with that of the single element.
    private static void AssertClose(double[] expected, float[] actual, string what)
    {
        var scale = Math.Sqrt(expected.Sum(v => v * v) / expected.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 2e-5 * scale, $"{what} at {i}: expected {expected[i]:R}, got {actual[i]}");
    }

    private static (double[] Dx, double[] Dw) PlainGradients(ConvGeometry g, float[] x, float[] w, float[] dy)
    {
        var (h, v) = (g.Height, g.Width);
        var (dx, dw) = (new double[x.Length], new double[w.Length]);
        var at = 0;
        for (var n = 0; n < g.Batch; n++)
            for (var o = 0; o < g.OutChannels; o++)
                for (var oh = 0; oh < h.Out; oh++)
                    for (var ow = 0; ow < v.Out; ow++, at++)
                        for (var c = 0; c < g.InChannels; c++)
                            for (var k = 0; k < 9; k++)
                            {
                                var (ih, iw) = (oh + k / 3 - h.PadBefore, ow + k % 3 - v.PadBefore);
                                if ((uint)ih >= (uint)h.In || (uint)iw >= (uint)v.In)
                                    continue;
                                var from = ((n * g.InChannels + c) * h.In + ih) * v.In + iw;
                                var weight = (o * g.InChannels + c) * 9 + k;
                                dx[from] += (double)dy[at] * w[weight];
                                dw[weight] += (double)dy[at] * x[from];
                            }
        return (dx, dw);
    }

    private static float Normal(Random random)
        => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
