using System.Numerics;

namespace Glia.Kernels.Tests.Reductions;

/// <summary>The rows of softmax and of layer normalisation at awkward lengths, on every instruction set, and the exponential they use.</summary>
public class RowTests
{
    private static readonly int[] Lengths = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 5_000];

    public static TheoryData<string> IsaNames => Numbers.IsaNames;

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Softmax_EqualsFormula(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var n in Lengths)
        {
            CheckSoftmax<float>(n, 2e-6);
            CheckSoftmax<double>(n, 1e-14);
        }
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Normalisation_EqualsFormula(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var n in Lengths)
        {
            CheckNormalisation<float>(n, 3e-5);
            CheckNormalisation<double>(n, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Exp_OfAllMagnitudes_IsCloseAndKeepsSpecialValues(string isa)
    {
        using var scope = Numbers.Use(isa);
        var x = Enumerable.Range(-12_000, 24_001).Select(i => i * 0.01f).Concat([0, -0f, 88.72f, 88.8f, -87.4f, -103, -103.9f, -104.1f, 1e30f, -1e30f, float.NaN, float.PositiveInfinity, float.NegativeInfinity]).ToArray();
        var y = new float[x.Length];
        Sweep.Run<ExpPass, float>(new ExpPass(x, y), x.Length);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = (float)Math.Exp(x[i]);
            var tolerance = Math.Max(2 * (MathF.BitIncrement(expected) - expected), float.Epsilon);
            Assert.True(expected.Equals(y[i]) || Math.Abs(expected - y[i]) <= tolerance, $"e^{x[i]:R}: expected {expected:R}, got {y[i]:R}");
        }
    }

    // Rows lie in arrays that hold NaN before and after them.
    private static (T[] All, Memory<T> Inner) Guarded<T>(int count, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Guard = 40;
        var all = Enumerable.Repeat(T.NaN, count + (2 * Guard)).ToArray();
        Numbers.Uniform<T>(count, seed).CopyTo(all, Guard);
        return (all, all.AsMemory(Guard, count));
    }

    private static void RequireGuards<T>(T[] all, int count)
        where T : IBinaryFloatingPointIeee754<T> => Assert.Equal(all.Length - count, all.Count(T.IsNaN));

    private static void CheckSoftmax<T>(int n, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Rows = 3;
        var (_, x) = Guarded<T>(Rows * n, 1);
        var (_, dy) = Guarded<T>(Rows * n, 2);
        var (ally, y) = Guarded<T>(Rows * n, 3);
        var (alldx, dx) = Guarded<T>(Rows * n, 4);
        Softmax.Forward<T>(Rows, n, x.Span, y.Span);
        Softmax.Backward<T>(Rows, n, y.Span, dy.Span, dx.Span);
        RequireGuards(ally, Rows * n);
        RequireGuards(alldx, Rows * n);
        for (var r = 0; r < Rows; r++)
        {
            var row = Row(x, r, n);
            var largest = row.Max();
            var e = Array.ConvertAll(row, v => Math.Exp(v - largest));
            var sum = e.Sum();
            var p = Array.ConvertAll(e, v => v / sum);
            var (upstream, actual, gradient) = (Row(dy, r, n), Row(y, r, n), Row(dx, r, n));
            var along = p.Zip(upstream, (a, b) => a * b).Sum();
            for (var i = 0; i < n; i++)
            {
                Assert.Equal(p[i], actual[i], tolerance);
                Assert.Equal(p[i] * (upstream[i] - along), gradient[i], tolerance);
            }
        }
    }

    private static void CheckNormalisation<T>(int n, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Rows = 70;
        const double Epsilon = 0.01;
        var (_, x) = Guarded<T>(Rows * n, 1);
        var (_, dy) = Guarded<T>(Rows * n, 2);
        var (_, gamma) = Guarded<T>(n, 3);
        var (_, beta) = Guarded<T>(n, 4);
        var (ally, y) = Guarded<T>(Rows * n, 5);
        var (alldx, dx) = Guarded<T>(Rows * n, 6);
        var (alldg, dgamma) = Guarded<T>(n, 7);
        var (alldb, dbeta) = Guarded<T>(n, 8);
        var (mean, std) = (new T[Rows], new T[Rows]);
        RowNormalization.Forward<T>(Rows, n, Epsilon, x.Span, gamma.Span, beta.Span, y.Span, mean, std);
        RowNormalization.Backward<T>(Rows, n, x.Span, gamma.Span, mean, std, dy.Span, dx.Span, dgamma.Span, dbeta.Span);
        RequireGuards(ally, Rows * n);
        RequireGuards(alldx, Rows * n);
        RequireGuards(alldg, n);
        RequireGuards(alldb, n);
        var (g, b) = (Row(gamma, 0, n), Row(beta, 0, n));
        var (sumGamma, sumBeta) = (new double[n], new double[n]);
        for (var r = 0; r < Rows; r++)
        {
            var (row, upstream, actual, gradient) = (Row(x, r, n), Row(dy, r, n), Row(y, r, n), Row(dx, r, n));
            var average = row.Average();
            var scale = 1 / Math.Sqrt(row.Average(v => Math.Pow(v - average, 2)) + Epsilon);
            var normal = Array.ConvertAll(row, v => (v - average) * scale);
            var scaled = upstream.Zip(g, (a, c) => a * c).ToArray();
            var (middle, along) = (scaled.Average(), scaled.Zip(normal, (a, c) => a * c).Average());
            for (var i = 0; i < n; i++)
            {
                Assert.Equal((normal[i] * g[i]) + b[i], actual[i], tolerance);
                Assert.Equal(scale * (scaled[i] - middle - (normal[i] * along)), gradient[i], tolerance * 10);
                sumGamma[i] += upstream[i] * normal[i];
                sumBeta[i] += upstream[i];
            }
        }
        var (actualGamma, actualBeta) = (Row(dgamma, 0, n), Row(dbeta, 0, n));
        for (var i = 0; i < n; i++)
        {
            Assert.Equal(sumGamma[i], actualGamma[i], tolerance * 10);
            Assert.Equal(sumBeta[i], actualBeta[i], tolerance * 10);
        }
    }

    private static double[] Row<T>(Memory<T> x, int r, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. x.Slice(r * n, n).ToArray().Select(double.CreateTruncating)];

    private readonly struct ExpPass(float[] x, float[] y) : IPass<float>
    {
        public void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, float> => TLanes.Store(TLanes.Exp(TLanes.Load(ref x[0], i)), ref y[0], i);

        public unsafe void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, float>
        {
            fixed (float* px = x, py = y)
                Sweep.StoreTail(TLanes.Exp(Sweep.LoadTail<float, TLanes>(px, i, count)), py, i, count);
        }
    }
}
