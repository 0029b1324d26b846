using System.Diagnostics;
using System.Globalization;
using Glia.Data;
using Glia.Optimizers;

namespace Glia.Benchmarks;

/// <summary>Trains on a file ten times as large as the heap may become, beside the same rows in memory.</summary>
internal static class Streaming
{
    private const int Features = 64;
    private const int BatchSize = 128;
    private const long HeapLimit = 64L << 20;
    private const int Times = 10;
    private const int Steps = 1_000;
    private const int Rounds = 5;

    /// <summary>Starts this program again with a hard limit of the heap.</summary>
    public static int Run()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        start.ArgumentList.Add(typeof(Streaming).Assembly.Location);
        start.ArgumentList.Add("--streaming-limited");
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit.ToString("X", CultureInfo.InvariantCulture);
        using var child = Process.Start(start)!;
        child.WaitForExit();
        return child.ExitCode;
    }

    /// <summary>The work, under the limit.</summary>
    public static int RunLimited()
    {
        var rows = (int)(HeapLimit * Times / (4 * (Features + 1)));
        using var file = new EncodedRowsFile(Features, TaskKind.Classification);
        Append(file, rows);
        using var small = new EncodedRowsFile(Features, TaskKind.Classification);
        Append(small, 10_000);
        var (inputs, targets) = (Tensor.Zeros((10_000, Features)).Clone(), Tensor.Zeros(10_000, DType.Int64).Clone());
        small.Fill([.. Enumerable.Range(0, 10_000)], inputs, targets);

        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"heap limited to {limit / 1e6:F0} MB; {rows:N0} rows of {Features} features are {rows * 4.0 * (Features + 1) / 1e6:F0} MB; MLP {Features}-256-128-4, Adam, batch {BatchSize}"));
        var (streamed, held) = (new Trained(file), new Trained(new TensorDataset(inputs, targets)));
        var times = new List<(double Streamed, double Held)>();
        for (var round = 0; round <= Rounds; round++)
        {
            var pair = (streamed.Time(Steps), held.Time(Steps));
            // The first round compiles.
            if (round > 0)
                times.Add(pair);
        }
        var (s, h) = (Median(times.Select(t => t.Streamed)), Median(times.Select(t => t.Held)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"streamed {s * 1e3:F3} ms per step, in memory {h * 1e3:F3} ms: {s / h - 1:+0.0 %;−0.0 %}; heap {GC.GetTotalMemory(false) / 1e6:F0} MB"));
        return s / h < 1.10 ? 0 : 1;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static void Append(EncodedRowsFile file, int rows)
    {
        const int Chunk = 4096;
        var (features, targets) = (new float[Chunk * Features], new float[Chunk]);
        var state = 1u;
        for (var done = 0; done < rows; done += Chunk)
        {
            for (var i = 0; i < features.Length; i++)
            {
                state = (state * 1664525) + 1013904223;
                features[i] = (int)state * (1f / int.MaxValue);
            }
            for (var i = 0; i < Chunk; i++)
                targets[i] = (features[i * Features] > 0 ? 2 : 0) + (features[(i * Features) + 1] > 0 ? 1 : 0);
            var count = Math.Min(Chunk, rows - done);
            file.Append(features.AsSpan(0, count * Features), targets.AsSpan(0, count));
        }
    }

    private sealed class Trained
    {
        private readonly TrainingStep _step;
        private readonly DataLoader _loader;
        private int _epoch;

        public Trained(Dataset data)
        {
            var model = Network.Input(Features).Dense(256).ReLU().Dense(128).ReLU().Dense(4).Build(1);
            _step = new TrainingStep(model, Loss.CrossEntropy, new Adam(1e-3));
            _loader = new DataLoader(data, BatchSize, dropLast: true);
        }

        /// <summary>Seconds per step.</summary>
        public double Time(int steps)
        {
            var (done, clock) = (0, new Stopwatch());
            while (done < steps)
            {
                // Drawing an order is a thing of the epoch, not of the step.
                foreach (var batch in _loader.Epoch(_epoch++))
                {
                    clock.Start();
                    _step.Run(batch.Input, batch.Target);
                    if (++done >= steps)
                        break;
                }
                clock.Stop();
            }
            return clock.Elapsed.TotalSeconds / steps;
        }
    }
}
