using Glia.Kernels;

namespace Glia.Benchmarks;

/// <summary>The machine's multiply-add rate, and matrix products as a fraction of it.</summary>
internal static class SelfMeasurement
{
    public static void Run()
    {
        WorkerPool.Threads = 1;
        var peak = Machine.Flops(1) / 1e9;
        Console.WriteLine($"instruction set {IsaSupport.Current}; one core's multiply-add peak {peak:F0} GFLOP/s (float)");
        Console.WriteLine($"{"",-44}{"threads",8}{"µs",12}{"GFLOP/s",10}{"of peak",9}");
        foreach (var (name, volume, action) in Products().Concat(Convolutions()))
        {
            foreach (var threads in new[] { 1, 2 })
            {
                WorkerPool.Threads = threads;
                var seconds = Timing.Median(action);
                var gflops = 2.0 * volume / seconds / 1e9;
                Console.WriteLine($"{name,-44}{threads,8}{seconds * 1e6,12:F2}{gflops,10:F1}{gflops / (peak * threads),9:P0}");
            }
        }
    }

    private static IEnumerable<(string Name, double Volume, Action Action)> Products()
        => Shapes().Select(s => ($"{(s.TransposeA ? "T" : "N")}{(s.TransposeB ? "T" : "N")} {s.M} × {s.N} × {s.K}", (double)s.M * s.N * s.K, Product(s)));

    private static IEnumerable<(string Name, double Volume, Action Action)> Convolutions()
    {
        foreach (var (batch, channels, outputs, size, kernel, padding) in new[] { (64, 1, 6, 28, 5, 2), (64, 6, 16, 14, 5, 0), (8, 64, 64, 56, 3, 1), (8, 256, 256, 14, 3, 1) })
        {
            var axis = new WindowAxis(size, kernel, 1, padding, padding);
            var g = new ConvGeometry(batch, channels, outputs, 1, WindowAxis.Unit, axis, axis);
            var x = Numbers((int)(batch * channels * g.InPlane), 7);
            var w = Numbers((int)(outputs * channels * g.Taps), 5);
            var y = Numbers((int)(batch * outputs * g.OutPlane), 3);
            var volume = (double)y.Length * channels * g.Taps;
            var name = $"{batch} × {channels} × {size}² → {outputs}, {kernel} × {kernel}";
            yield return ($"conv {name}", volume, () => Convolution.Forward<float>(g, x, w, y));
            yield return ($"  its input gradient", volume, () => Convolution.InputGradient<float>(g, y, w, x));
            yield return ($"  its weight gradient", volume, () => Convolution.WeightGradient<float>(g, x, y, w));
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

    private static Action Product((int M, int N, int K, bool TransposeA, bool TransposeB) shape)
    {
        var (m, n, k, ta, tb) = shape;
        var a = Numbers(m * k, 7);
        var b = Numbers(k * n, 5);
        var c = new float[m * n];
        return () => Gemm.Multiply<float>(ta, tb, m, n, k, a, ta ? m : k, b, tb ? k : n, c, n, false);
    }

    private static float[] Numbers(int count, int period)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (i % period - period / 2) * 0.01f;
        return values;
    }
}
