using System.Numerics;

namespace Glia.Kernels.Tests;

public class PoolingTests
{
    public static TheoryData<string> IsaNames => Numbers.IsaNames;

    private static readonly WindowAxis Unit = WindowAxis.Unit;

    private static IEnumerable<PoolGeometry> Geometries()
    {
        foreach (var ceil in new[] { false, true })
        {
            foreach (var length in new[] { 1, 2, 3, 7, 16, 31, 32, 33, 64, 67 })
            {
                // 2 × 2 with stride 2 on odd and even sizes, then other windows.
                yield return new(3, Unit, new(length, 2, 2), new(length, 2, 2), ceil);
                yield return new(2, Unit, new(6, 2, 2), new(length + 10, 2, 2), ceil);
                yield return new(2, Unit, Unit, new(length, 2, 2), ceil);
                yield return new(2, Unit, new(5, 3, 2, 1, 1), new(length, 3, 2, 1, 1), ceil);
                yield return new(2, Unit, new(5, 3, 1, 0, 1), new(length, 2, 3, 1, 0), ceil);
                yield return new(1, Unit, new(7, 2, 1, 1, 1, 3), new(length, 3, 1, 2, 2, 2), ceil);
                yield return new(2, Unit, new(4, 4), new(length, length), ceil);
            }
            yield return new(2, new(5, 2, 2), new(6, 2, 2), new(7, 2, 2), ceil);
            yield return new(2, new(5, 3, 2, 1, 1), new(6, 2, 1, 1, 0), new(7, 3, 3, 1, 1), ceil);
            yield return new(1, Unit, Unit, new(1, 2, 1, 1, 1, 2), ceil);
            yield return new(1, Unit, Unit, new(3, 2, 2, 0, 4), ceil);
            yield return new(0, Unit, new(4, 2, 2), new(4, 2, 2), ceil);
        }
    }

    private static IEnumerable<PoolGeometry> Fitting() => Geometries().Where(g => g.OutPlane > 0);

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void MaxForward_AllGeometries_MatchesPlainLoops(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var g in Fitting())
        {
            CheckMax<float>(g, special: false);
            CheckMax<double>(g, special: false);
            CheckMax<float>(g, special: true);
            CheckMax<double>(g, special: true);
        }
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void ScatterAndGather_AllGeometries_AreAdjoint(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var g in Fitting())
        {
            var (x, dy) = Operands<double>(g);
            var y = new double[dy.Length];
            var argmax = new int[dy.Length];
            Pooling.MaxForward<double>(g, x, y, argmax);
            var gathered = Guarded<double>(dy.Length);
            Pooling.Gather<double>(g, argmax, x, gathered.AsSpan(0, dy.Length));
            for (var i = 0; i < dy.Length; i++)
                Assert.Equal(argmax[i] < 0 ? 0 : y[i], gathered[i]);
            var dx = Guarded<double>(x.Length);
            Pooling.Scatter<double>(g, argmax, dy, dx.AsSpan(0, x.Length));
            Assert.Equal(Numbers.Dot<double>(dy, gathered.AsSpan(0, dy.Length)), Numbers.Dot<double>(dx.AsSpan(0, x.Length), x), 1e-10);
            AssertGuard(gathered, dy.Length);
            AssertGuard(dx, x.Length);
        }
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Average_AllGeometries_MatchesPlainLoopsAndItsGradientIsTheAdjoint(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var g in Fitting())
        {
            CheckAverage<float>(g, true);
            CheckAverage<float>(g, false);
            CheckAverage<double>(g, true);
            CheckAverage<double>(g, false);
        }
    }

    [Fact]
    public void All_AnyNumberOfThreads_BitIdentical()
    {
        var g = new PoolGeometry(90, Unit, new(33, 3, 2, 1, 1), new(41, 3, 2, 1, 1));
        float[]? first = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var pool = new ThreadsScope(threads);
            var (x, dy) = Operands<float>(g);
            var (max, average, dx, dxMax) = (new float[dy.Length], new float[dy.Length], new float[x.Length], new float[x.Length]);
            var argmax = new int[dy.Length];
            Pooling.MaxForward<float>(g, x, max, argmax);
            Pooling.AverageForward<float>(g, true, x, average);
            Pooling.AverageBackward<float>(g, true, dy, dx);
            Pooling.Scatter<float>(g, argmax, dy, dxMax);
            float[] all = [.. max, .. average, .. dx, .. dxMax];
            first ??= all;
            Assert.Equal(first, all);
        }
    }

    [Fact]
    public void OutCeil_LastWindowMustStartInsideTheInputOrItsLeftPadding()
    {
        Assert.Equal(3, new WindowAxis(5, 2, 2).OutCeil);
        Assert.Equal(2, new WindowAxis(5, 2, 2).Out);
        // The fourth window would start at 5, past the input.
        Assert.Equal(3, new WindowAxis(5, 2, 2, 1, 1).OutCeil);
        Assert.Equal(2, new WindowAxis(4, 2, 3).OutCeil);
        Assert.Equal(0, new WindowAxis(1, 2, 3).OutCeil);
    }

    [Fact]
    public void Scatter_IndexOutsideThePlane_Throws()
    {
        var g = new PoolGeometry(1, Unit, new(2, 2, 2), new(2, 2, 2));
        var e = Assert.Throws<ArgumentException>(() => Pooling.Scatter<float>(g, new[] { 4 }, new float[1], new float[4]));
        Assert.Equal("Index 4 is outside a plane of 4 numbers; give the indices that MaxForward returned for this geometry.", e.Message);
        Assert.Throws<ArgumentException>(() => Pooling.Gather<float>(g, new[] { -2 }, new float[4], new float[1]));
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Scatter_IndicesOfOtherWindows_AddUpWhereTheyPoint(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var width in new[] { 2, 6, 16, 40 })
        {
            var g = new PoolGeometry(3, Unit, new(4, 2, 2), new(width, 2, 2));
            var dy = Numbers.Uniform<double>(3 * width, 1);
            for (var odd = 0; odd < width; odd++)
            {
                var argmax = new int[dy.Length];
                Pooling.MaxForward<double>(g, new double[12 * width], new double[dy.Length], argmax);
                argmax[width + odd] = 4 * width - 1;
                var expected = new double[12 * width];
                for (var i = 0; i < dy.Length; i++)
                    expected[(i / width * 4 * width) + argmax[i]] += dy[i];
                var dx = Guarded<double>(expected.Length);
                Pooling.Scatter<double>(g, argmax, dy, dx.AsSpan(0, expected.Length));
                Assert.Equal(expected, dx.AsSpan(0, expected.Length));
                AssertGuard(dx, expected.Length);
                argmax[width + odd] = 4 * width;
                Assert.Throws<ArgumentException>(() => Pooling.Scatter<double>(g, argmax, dy, dx));
            }
        }
    }

    [Fact]
    public void MaxForward_SpanTooShort_SaysWhich()
    {
        var g = new PoolGeometry(2, Unit, new(4, 2, 2), new(4, 2, 2));
        var e = Assert.Throws<ArgumentException>(() => Pooling.MaxForward<float>(g, new float[31], new float[8], new int[8]));
        Assert.Equal("The pooling's input needs 32 numbers; the span has 31.", e.Message);
        e = Assert.Throws<ArgumentException>(() => Pooling.MaxForward<float>(g, new float[32], new float[8], new int[7]));
        Assert.Equal("The pooling's output needs 8 numbers; the span has 7.", e.Message);
    }

    private static (T[] X, T[] Dy) Operands<T>(PoolGeometry g)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => (Numbers.Uniform<T>((int)(g.Planes * g.InPlane), 1), Numbers.Uniform<T>((int)(g.Planes * g.OutPlane), 2));

    private static void CheckMax<T>(PoolGeometry g, bool special)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (x, dy) = Operands<T>(g);
        for (var i = 0; special && i < x.Length; i++)
        {
            // NaN, infinities and ties.
            x[i] = (i * 7 % 11) switch { 0 => T.NaN, 1 or 2 or 3 or 4 => T.NegativeInfinity, 5 => T.PositiveInfinity, _ => T.One };
        }
        var y = Guarded<T>(dy.Length);
        var argmax = Enumerable.Repeat(-77, dy.Length + 20).ToArray();
        Pooling.MaxForward<T>(g, x, y.AsSpan(0, dy.Length), argmax.AsSpan(0, dy.Length));
        ForEachWindow(g, (plane, at, taps, _) =>
        {
            var best = T.NegativeInfinity;
            var index = -1;
            foreach (var tap in taps)
            {
                var value = x[plane * (int)g.InPlane + tap];
                if (index < 0 || value > best || T.IsNaN(value))
                    (best, index) = (value, tap);
            }
            if (!best.Equals(y[at]) || index != argmax[at])
                Assert.Fail($"{g} at {at}: expected {best} from {index}, got {y[at]} from {argmax[at]}");
        });
        AssertGuard(y, dy.Length);
        Assert.All(argmax.Skip(dy.Length), i => Assert.Equal(-77, i));
    }

    private static void CheckAverage<T>(PoolGeometry g, bool countIncludePad)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (x, dy) = Operands<T>(g);
        var y = Guarded<T>(dy.Length);
        var dx = Guarded<T>(x.Length);
        Pooling.AverageForward<T>(g, countIncludePad, x, y.AsSpan(0, dy.Length));
        Pooling.AverageBackward<T>(g, countIncludePad, dy, dx.AsSpan(0, x.Length));
        var wanted = new double[x.Length];
        ForEachWindow(g, (plane, at, taps, padded) =>
        {
            var divisor = countIncludePad ? padded : taps.Count;
            var mean = taps.Sum(tap => double.CreateChecked(x[plane * (int)g.InPlane + tap])) / Math.Max(divisor, 1);
            if (!Numbers.AreClose(mean, y[at], 4))
                Assert.Fail($"{g} at {at}: expected {mean:R}, got {y[at]}");
            foreach (var tap in taps)
                wanted[plane * (int)g.InPlane + tap] += double.CreateChecked(dy[at]) / divisor;
        });
        for (var i = 0; i < x.Length; i++)
        {
            if (!Numbers.AreClose(wanted[i], dx[i], 10))
                Assert.Fail($"gradient of {g} at {i}: expected {wanted[i]:R}, got {dx[i]}");
        }
        AssertGuard(y, dy.Length);
        AssertGuard(dx, x.Length);
    }

    // Calls with the plane, the output's index, the elements of the plane that the window meets, and its size inside the padded input.
    private static void ForEachWindow(PoolGeometry g, Action<int, int, List<int>, int> action)
    {
        var at = 0;
        for (var plane = 0; plane < g.Planes; plane++)
            for (var od = 0; od < g.OutDepth; od++)
                for (var oh = 0; oh < g.OutHeight; oh++)
                    for (var ow = 0; ow < g.OutWidth; ow++, at++)
                    {
                        var taps = new List<int>();
                        var padded = 0;
                        foreach (var (d, realD) in Positions(g.Depth, od))
                            foreach (var (h, realH) in Positions(g.Height, oh))
                                foreach (var (w, realW) in Positions(g.Width, ow))
                                {
                                    padded++;
                                    if (realD && realH && realW)
                                        taps.Add((d * g.Height.In + h) * g.Width.In + w);
                                }
                        action(plane, at, taps, padded);
                    }
    }

    private static IEnumerable<(int At, bool Real)> Positions(WindowAxis axis, int position)
    {
        for (var k = 0; k < axis.Kernel; k++)
        {
            var at = position * axis.Stride - axis.PadBefore + k * axis.Dilation;
            if (at < axis.In + axis.PadAfter)
                yield return (at, at >= 0 && at < axis.In);
        }
    }

    private static T[] Guarded<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[length + 40];
        Array.Fill(values, T.CreateChecked(-77));
        return values;
    }

    private static void AssertGuard<T>(T[] values, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = length; i < values.Length; i++)
            Assert.Equal(T.CreateChecked(-77), values[i]);
    }
}
