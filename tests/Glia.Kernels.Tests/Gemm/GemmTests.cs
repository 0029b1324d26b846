using System.Numerics;

namespace Glia.Kernels.Tests;

public class GemmTests
{
    public static TheoryData<string> IsaNames => Numbers.IsaNames;

    // Around the sizes of vectors, tiles and blocks.
    private static readonly int[] Sizes = [0, 1, 2, 3, 5, 7, 8, 11, 12, 13, 15, 16, 17, 31, 32, 33];

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Multiply_SizesAroundTileEdges_MatchesPlainLoops(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var m in Sizes)
        {
            foreach (var n in Sizes)
            {
                foreach (var k in new[] { 0, 1, 3, 4, 15, 16, 17, 33 })
                    CheckTransposes(m, n, k, gap: (m + n + k) % 3);
            }
        }
    }

    public static TheoryData<string, int, int, int> LargeData()
    {
        var data = new TheoryData<string, int, int, int>();
        foreach (var isa in Numbers.Isas.Select(i => i.ToString()))
        {
            data.Add(isa, 97, 131, 300);
            data.Add(isa, 64, 64, 64);
            data.Add(isa, 65, 66, 67);
            data.Add(isa, 1, 300, 520);
            data.Add(isa, 300, 1, 520);
            data.Add(isa, 7, 515, 260);
            data.Add(isa, 515, 7, 260);
            data.Add(isa, 3, 2, 5000);
            data.Add(isa, 200, 9, 2);
            data.Add(isa, 241, 65, 63);
            data.Add(isa, 245, 17, 520);
            data.Add(isa, 250, 195, 257);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(LargeData))]
    public void Multiply_LargeOrThin_MatchesPlainLoops(string isa, int m, int n, int k)
    {
        using var scope = Numbers.Use(isa);
        CheckTransposes(m, n, k, gap: 3);
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Multiply_BeyondOneBlockOfRowsAndColumns_MatchesPlainLoops(string isa)
    {
        using var scope = Numbers.Use(isa);
        Check<float>(false, false, 1600, 40, 24, gap: 0, accumulate: true);
        Check<float>(true, true, 40, 2100, 24, gap: 1, accumulate: false);
        Check<float>(false, false, 250, 2100, 24, gap: 1, accumulate: true);
        Check<float>(false, true, 40, 40, 7000, gap: 1, accumulate: true);
        Check<double>(true, false, 260, 100, 1500, gap: 0, accumulate: false);
        Check<float>(true, false, 1603, 41, 300, gap: 1, accumulate: true);
        Check<float>(true, true, 41, 1603, 300, gap: 1, accumulate: false);
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Multiply_AnyNumberOfThreads_BitIdentical(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var (m, n, k) in new[] { (150, 170, 600), (33, 500, 90), (1, 900, 700), (5, 1000, 300), (12, 8, 4000), (260, 90, 500), (250, 300, 700), (250, 260, 255), (300, 120, 60), (64, 300, 1300) })
        {
            for (var flags = 0; flags < 4; flags++)
            {
                var transposeA = (flags & 1) != 0;
                var transposeB = (flags & 2) != 0;
                var a = Numbers.Uniform<float>(m * k, 1);
                var b = Numbers.Uniform<float>(k * n, 2);
                float[]? first = null;
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    using var pool = new ThreadsScope(threads);
                    var c = new float[m * n];
                    Gemm.Multiply<float>(transposeA, transposeB, m, n, k, a, transposeA ? m : k, b, transposeB ? k : n, c, n, false);
                    first ??= c;
                    Assert.Equal(first, c);
                }
            }
        }
    }

    [Fact]
    public void Multiply_NoSteps_ZeroesOrKeepsC()
    {
        float[] c = [1, 2, 3, 4, 5, 6];
        Gemm.Multiply<float>(false, false, 2, 2, 0, [], 0, [], 2, c, 3, accumulate: true);
        Assert.Equal([1, 2, 3, 4, 5, 6], c);
        Gemm.Multiply<float>(false, false, 2, 2, 0, [], 0, [], 2, c, 3, accumulate: false);
        Assert.Equal([0, 0, 3, 0, 0, 6], c);
    }

    [Fact]
    public void Multiply_SpanTooShort_NamesTheMatrix()
    {
        var e = Assert.Throws<ArgumentException>(() => Gemm.Multiply<float>(false, false, 3, 4, 5, new float[14], 5, new float[20], 4, new float[12], 4, false));
        Assert.Equal("Matrix a needs 15 numbers for 3 rows 5 apart and 5 columns; the span has 14.", e.Message);
        e = Assert.Throws<ArgumentException>(() => Gemm.Multiply<float>(false, true, 3, 4, 5, new float[15], 5, new float[20], 4, new float[12], 4, false));
        Assert.Equal("Matrix b has 5 columns but its rows are only 4 apart.", e.Message);
        Assert.Throws<ArgumentException>(() => Gemm.Multiply<float>(false, false, 65536, 65536, 1, new float[9], 1, new float[9], 65536, new float[9], 65536, false));
        Assert.Throws<ArgumentException>(() => Gemm.Multiply<float>(false, false, -1, 4, 5, [], 5, [], 4, [], 4, false));
    }

    [Fact]
    public void Multiply_SteadyState_AllocatesNothing()
    {
        using var pool = new ThreadsScope(1);
        var a = Numbers.Uniform<float>(200 * 200, 1);
        var c = new float[200 * 200];
        Gemm.Multiply<float>(false, true, 200, 200, 200, a, 200, a, 200, c, 200, false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Gemm.Multiply<float>(false, true, 200, 200, 200, a, 200, a, 200, c, 200, false);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [MemberData(nameof(IsaNames))]
    public void Multiply_NaNInA_ReachesItsRowOnly(string isa)
    {
        using var scope = Numbers.Use(isa);
        foreach (var size in new[] { 5, 40, 100 })
        {
            var a = Numbers.Uniform<double>(size * size, 1);
            a[2 * size + 3] = double.NaN;
            var c = new double[size * size];
            Gemm.Multiply<double>(false, false, size, size, size, a, size, a.Select(v => double.IsNaN(v) ? 1 : v).ToArray(), size, c, size, false);
            for (var i = 0; i < c.Length; i++)
                Assert.Equal(i / size == 2, double.IsNaN(c[i]));
        }
    }

    private static void CheckTransposes(int m, int n, int k, int gap)
    {
        for (var flags = 0; flags < 8; flags++)
        {
            Check<float>((flags & 1) != 0, (flags & 2) != 0, m, n, k, gap, (flags & 4) != 0);
            Check<double>((flags & 1) != 0, (flags & 2) != 0, m, n, k, gap, (flags & 4) != 0);
        }
    }

    // Gaps between rows and the ends of all arrays hold NaN: it must neither reach a result nor be overwritten.
    private static void Check<T>(bool transposeA, bool transposeB, int m, int n, int k, int gap, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (a, lda) = Stored<T>(transposeA ? k : m, transposeA ? m : k, gap, 1);
        var (b, ldb) = Stored<T>(transposeB ? n : k, transposeB ? k : n, gap, 2);
        var (c, ldc) = Stored<T>(m, n, gap, 3);
        var before = (T[])c.Clone();
        Gemm.Multiply<T>(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
        for (var i = 0; i < c.Length; i++)
        {
            var row = ldc == 0 ? m : i / ldc;
            var column = ldc == 0 ? 0 : i % ldc;
            if (row >= m || column >= n)
            {
                Assert.True(T.IsNaN(c[i]), "a number outside C was overwritten");
                continue;
            }
            var sum = accumulate ? double.CreateChecked(before[i]) : 0;
            for (var p = 0; p < k; p++)
            {
                var x = transposeA ? a[p * lda + row] : a[row * lda + p];
                var y = transposeB ? b[column * ldb + p] : b[p * ldb + column];
                sum += double.CreateChecked(x) * double.CreateChecked(y);
            }
            if (!Numbers.AreClose(sum, c[i], k))
                Assert.Fail($"{typeof(T).Name} {transposeA} {transposeB} {m}×{n}×{k} at {row},{column}: expected {sum:R}, got {c[i]}");
        }
    }

    private static (T[] Values, int Stride) Stored<T>(int rows, int columns, int gap, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stride = columns + gap;
        var values = Numbers.Uniform<T>(rows * stride + 40, seed);
        for (var i = 0; i < values.Length; i++)
        {
            if (stride == 0 || i / stride >= rows || i % stride >= columns)
                values[i] = T.NaN;
        }
        return (values, stride);
    }
}
