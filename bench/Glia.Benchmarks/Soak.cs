using System.Diagnostics;
using System.Globalization;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Benchmarks;

/// <summary>Many steps of training: memory must stay where it is, and no old garbage may be collected.</summary>
internal static class Soak
{
    private const int WarmUp = 2_000;
    private const int Reports = 5;
    // The young heap fills up to its first collection, which may be as large as the processor's cache; from this report on memory must stay where it is.
    private const int FilledBy = 2;
    private const double MostGrowth = 1e7;
    private const int StepsWithoutCollection = 10_000;

    public static int Run(int steps)
    {
        Console.WriteLine($"{steps} steps of each; bytes are managed ones, allocated per step; gen 1 and 2 count collections since the warm-up of {WarmUp} steps");
        Console.WriteLine($"{"",-34}{"step",9}{"B/step",9}{"gen 0",7}{"gen 1",7}{"gen 2",7}{"heap MB",9}{"resident MB",13}{"µs/step",10}");
        var steady = true;
        foreach (var (name, model, inputs) in Models())
            steady &= Train(name, model, inputs, steps);
        if (!steady)
            Console.Error.WriteLine("Memory grew, or old garbage was collected.");
        return steady ? 0 : 1;
    }

    private static IEnumerable<(string Name, SequentialNetwork Model, Tensor Inputs)> Models()
    {
        var rng = new Rng(1);
        yield return ("MLP 13-64-32-3, batch 32", Network.Input(13).Dense(64).ReLU().Dense(32).ReLU().Dense(3).Build(1), Tensor.Normal(rng, (1_000, 13)));
        yield return ("CNN 12², batch norm, dropout", Network.Input(1, 12, 12).Conv2D(4, 3).BatchNorm().ReLU().MaxPool2D(2).Dropout(0.2).Flatten().Dense(3).Build(1), Tensor.Normal(rng, (1_000, 1, 12, 12)));
        yield return ("LSTM T 12, 4→16", Network.Input(12, 4).Lstm(16).Dense(3).Build(1), Tensor.Normal(rng, (1_000, 12, 4)));
    }

    private static bool Train(string name, SequentialNetwork model, Tensor inputs, int steps)
    {
        var data = new TensorDataset(inputs, Tensor.From([.. Enumerable.Range(0, inputs.Shape[0]).Select(i => (long)(i % 3))]));
        var loader = new DataLoader(data, batchSize: 32, dropLast: true);
        var step = new TrainingStep(model, Loss.CrossEntropy, new Adam(1e-3));
        var (done, epoch, loss) = (0, 0, 0.0);
        void Steps(int until)
        {
            while (done < until)
            {
                foreach (var batch in loader.Epoch(epoch))
                {
                    loss = step.Run(batch.Input, batch.Target);
                    if (++done >= until)
                        break;
                }
                epoch++;
            }
        }

        Steps(WarmUp);
        GC.Collect();
        var (gen0, gen1, gen2) = (GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2));
        var (filled, steady) = (double.PositiveInfinity, true);
        for (var report = 1; report <= Reports; report++)
        {
            var (before, from, start) = (GC.GetTotalAllocatedBytes(precise: true), done, Stopwatch.GetTimestamp());
            Steps(WarmUp + (int)((long)steps * report / Reports));
            var (perStep, seconds) = ((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(done - from), Stopwatch.GetElapsedTime(start).TotalSeconds);
            var (now1, now2) = (GC.CollectionCount(1) - gen1, GC.CollectionCount(2) - gen2);
            if (report == FilledBy)
                filled = Resident();
            steady &= (now1 + now2) * (long)StepsWithoutCollection <= done - WarmUp && Resident() < filled + MostGrowth;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-34}{done,9}{perStep,9:F1}{GC.CollectionCount(0) - gen0,7}{now1,7}{now2,7}{GC.GetTotalMemory(false) / 1e6,9:F1}{Resident() / 1e6,13:F1}{seconds / (done - from) * 1e6,10:F1}"));
        }
        return steady && double.IsFinite(loss);
    }

    private static double Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
