using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Glia.Kernels;

namespace Glia.Benchmarks;

/// <summary>The machine's multiply-add rate, and matrix products as a fraction of it.</summary>
internal static class SelfMeasurement
{
    public static void Run()
    {
        WorkerPool.Threads = 1;
        var peak = 0.0;
        for (var i = 0; i < 200; i++)
            peak = Math.Max(peak, PeakGflops());
        Console.WriteLine($"instruction set {IsaSupport.Current}; one core's multiply-add peak {peak:F0} GFLOP/s (float)");
        Console.WriteLine($"{"product",-28}{"threads",8}{"µs",12}{"GFLOP/s",10}{"of peak",9}");
        foreach (var (m, n, k, ta, tb) in Shapes())
        {
            foreach (var threads in new[] { 1, 2 })
            {
                WorkerPool.Threads = threads;
                var seconds = Product(m, n, k, ta, tb);
                var gflops = 2.0 * m * n * k / seconds / 1e9;
                var name = $"{(ta ? "T" : "N")}{(tb ? "T" : "N")} {m} × {n} × {k}";
                Console.WriteLine($"{name,-28}{threads,8}{seconds * 1e6,12:F2}{gflops,10:F1}{gflops / (peak * threads),9:P0}");
            }
        }
    }

    private static IEnumerable<(int M, int N, int K, bool TransposeA, bool TransposeB)> Shapes()
    {
        foreach (var size in new[] { 16, 64, 128, 256, 512, 1024 })
            yield return (size, size, size, false, false);
        yield return (16, 16, 4, false, false);
        yield return (64, 128, 784, false, true);
        yield return (64, 784, 128, false, false);
        yield return (128, 784, 64, true, false);
        yield return (64, 10, 128, false, true);
        yield return (1, 128, 784, false, true);
        yield return (1, 784, 128, false, false);
        yield return (512, 512, 512, true, false);
        yield return (512, 512, 512, false, true);
    }

    private static double Product(int m, int n, int k, bool ta, bool tb)
    {
        var a = new float[m * k];
        var b = new float[k * n];
        var c = new float[m * n];
        for (var i = 0; i < a.Length; i++)
            a[i] = i % 7 - 3;
        for (var i = 0; i < b.Length; i++)
            b[i] = i % 5 - 2;
        return Timing.Median(() => Gemm.Multiply<float>(ta, tb, m, n, k, a, ta ? m : k, b, tb ? k : n, c, n, false));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double PeakGflops()
    {
        const int Steps = 200_000;
        var x = Vector512.Create(1.0001f);
        var y = Vector512.Create(0.9999f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x;
        var start = Stopwatch.GetTimestamp();
        for (var s = 0; s < Steps; s++)
        {
            a = Vector512.FusedMultiplyAdd(a, y, x);
            b = Vector512.FusedMultiplyAdd(b, y, x);
            c = Vector512.FusedMultiplyAdd(c, y, x);
            d = Vector512.FusedMultiplyAdd(d, y, x);
            e = Vector512.FusedMultiplyAdd(e, y, x);
            f = Vector512.FusedMultiplyAdd(f, y, x);
            g = Vector512.FusedMultiplyAdd(g, y, x);
            h = Vector512.FusedMultiplyAdd(h, y, x);
            i = Vector512.FusedMultiplyAdd(i, y, x);
            j = Vector512.FusedMultiplyAdd(j, y, x);
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        GC.KeepAlive(Vector512.Sum(a + b + c + d + e + f + g + h + i + j));
        return 10.0 * 16 * 2 * Steps / seconds / 1e9;
    }
}
