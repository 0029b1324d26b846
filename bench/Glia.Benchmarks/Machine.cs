using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Glia.Benchmarks;

/// <summary>What the machine can do, measured: multiply-adds and bytes per second.</summary>
internal static class Machine
{
    private static readonly Lazy<double> PeakFlops = new(() => Enumerable.Range(0, 200).Max(_ => MeasureFlops()));
    private static readonly Dictionary<(long Footprint, int Threads), double> Bandwidths = [];

    /// <summary>The processor's name, as a folder can be called.</summary>
    public static string Processor { get; } = ReadProcessor();

    /// <summary>Float32 operations per second of some cores, by fused multiply-adds on registers.</summary>
    public static double Flops(int threads) => PeakFlops.Value * threads;

    /// <summary>Bytes per second of some cores that read a working set of about this size over and over.</summary>
    public static double Bandwidth(double footprint, int threads)
    {
        var rounded = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(footprint, 4096));
        if (!Bandwidths.TryGetValue((rounded, threads), out var rate))
            Bandwidths[(rounded, threads)] = rate = MeasureBandwidth(rounded, threads);
        return rate;
    }

    // Each thread sums numbers of its own, over and over.
    private static double MeasureBandwidth(long bytes, int threads)
    {
        var arrays = Enumerable.Range(0, threads).Select(_ => new float[Math.Max(1024, bytes / 4 / threads)]).ToArray();
        var repeats = (int)Math.Max(2, 100_000_000 / bytes);
        var best = double.MaxValue;
        for (var trial = 0; trial < 7; trial++)
        {
            using var start = new Barrier(threads);
            var times = new double[threads];
            var workers = Enumerable.Range(0, threads).Select(t => new Thread(() =>
            {
                start.SignalAndWait();
                var clock = Stopwatch.GetTimestamp();
                for (var r = 0; r < repeats; r++)
                    Sum(arrays[t]);
                times[t] = Stopwatch.GetElapsedTime(clock).TotalSeconds;
            })).ToArray();
            foreach (var worker in workers)
                worker.Start();
            foreach (var worker in workers)
                worker.Join();
            best = Math.Min(best, times.Max());
        }
        return 4.0 * arrays.Sum(a => (double)a.Length) * repeats / best;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Sum(float[] values)
    {
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (var i = 0; i + 64 <= values.Length; i += 64)
        {
            a += Vector512.LoadUnsafe(ref values[i]);
            b += Vector512.LoadUnsafe(ref values[i + 16]);
            c += Vector512.LoadUnsafe(ref values[i + 32]);
            d += Vector512.LoadUnsafe(ref values[i + 48]);
        }
        return Vector512.Sum(a + b + c + d);
    }

    private static string ReadProcessor()
    {
        var name = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        var family = name is null ? "" : File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("cpu family", StringComparison.Ordinal)).Split(':')[1].Trim();
        var plain = name is null ? "unknown" : $"{name.Split(':')[1].Trim()} family {family}";
        return string.Concat(plain.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double MeasureFlops()
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
        return 10.0 * 16 * 2 * Steps / seconds;
    }
}
