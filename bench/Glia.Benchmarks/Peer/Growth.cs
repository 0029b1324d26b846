using System.Globalization;
using Glia.Data;
using Glia.Kernels;
using Glia.Optimizers;
using Glia.Plots;
using TorchSharp;

namespace Glia.Benchmarks.Peer;

/// <summary>How the time of a training step grows with batch, width, sequence length, image size, and that of an epoch with the data, beside libtorch: pictures and slopes.</summary>
internal static class Growth
{
    private sealed record Curve(string File, string Title, string XLabel, int[] Sizes, Func<int, Row> Create);

    public static int Run(string folder)
    {
        using var noGradients = torch.no_grad();
        Directory.CreateDirectory(folder);
        WorkerPool.Threads = 1;
        torch.set_num_threads(1);
        Console.WriteLine("Time of a training step on 1 thread; slope: the power of x that the last three points follow");
        foreach (var curve in Curves())
        {
            var (own, peer) = (new List<double>(), new List<double>());
            foreach (var size in curve.Sizes)
            {
                using var row = curve.Create(size);
                var times = Timing.Alternate([row.Glia, row.Torch]);
                own.Add(times[0] * 1e3);
                peer.Add(times[1] * 1e3);
            }
            Report(folder, curve.File, curve.Title, curve.XLabel, "ms per step", [.. curve.Sizes.Select(size => (double)size)], ("Glia", own), ("libtorch", peer));
        }
        double[] counts = [1_000, 4_000, 16_000, 64_000, 256_000];
        Report(folder, "data", "An epoch of MLP 20-64-32-3, Adam, batch 32", "samples", "s per epoch", counts, ("Glia", [.. counts.Select(n => Epoch((int)n))]));
        return 0;
    }

    private static IEnumerable<Curve> Curves()
    {
        yield return new("batch", "MLP 784-300-100-10, Adam", "batch", [1, 4, 16, 64, 256, 1024], n => NetworkRows.Parse($"mlp:784-300-100-10,{n},adam")!());
        yield return new("width", "MLP n-n-n-10, Adam, batch 64", "width n", [16, 32, 64, 128, 256, 512, 1024, 2048], n => NetworkRows.Parse($"mlp:{n}-{n}-{n}-10,64,adam")!());
        yield return new("length", "LSTM 32→64, Adam, batch 32", "time steps", [8, 16, 32, 64, 128, 256, 512], n => NetworkRows.Parse($"lstm:{n},32,64,32")!());
        yield return new("image", "Small VGG on images of n × n, Adam, batch 8", "rows and columns n", [8, 16, 32, 64, 128], n => NetworkRows.Parse($"vgg:8,{n}")!());
    }

    private static double Epoch(int samples)
    {
        var data = new TensorDataset(Tensor.Normal(new Rng(1), (samples, 20)), Tensor.From([.. Enumerable.Range(0, samples).Select(i => (long)(i % 3))]));
        var loader = new DataLoader(data, 32);
        var step = new TrainingStep(Network.Input(20).Dense(64).ReLU().Dense(32).ReLU().Dense(3).Build(1), Loss.CrossEntropy, new Adam(1e-3));
        var epoch = 0;
        return Timing.Median(() =>
        {
            foreach (var batch in loader.Epoch(epoch++))
                step.Run(batch.Input, batch.Target);
        });
    }

    private static void Report(string folder, string file, string title, string xLabel, string yLabel, double[] sizes, params (string Name, List<double> Values)[] curves)
    {
        Console.WriteLine($"{title}: {xLabel} {string.Join(", ", sizes)}");
        foreach (var (name, values) in curves)
        {
            var numbers = string.Join(", ", values.Select(v => v.ToString("G3", CultureInfo.InvariantCulture)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-10}{yLabel} {numbers}; slope {Slope(sizes, values):F2}"));
        }
        Chart.Function(title, [.. curves.Select(c => new ChartPoints(c.Name, sizes, c.Values))], xLabel, yLabel, logScale: true, logX: true).SaveSvg(Path.Combine(folder, $"growth-{file}.svg"));
    }

    // Least squares of the logarithms.
    private static double Slope(double[] sizes, List<double> values)
    {
        var x = sizes[^3..].Select(v => Math.Log(v)).ToArray();
        var y = values.TakeLast(3).Select(v => Math.Log(v)).ToArray();
        var (mx, my) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / x.Sum(a => (a - mx) * (a - mx));
    }
}
