using Glia.Data;
using Glia.Optimizers;
using Glia.Training;

namespace Glia.Runs.Tests;

/// <summary>A store in a folder of its own, deleted afterwards; and a small training to record.</summary>
public sealed class TempStore : IDisposable
{
    private readonly List<RunStore> _stores = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("glia-runs-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "runs.db");

    public RunStore Open()
    {
        var store = RunStore.Open(Path);
        _stores.Add(store);
        return store;
    }

    public void Dispose()
    {
        foreach (var store in _stores)
            store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Two clusters in the plane.</summary>
    public static Dataset Clusters(ulong seed = 1, int count = 64)
    {
        var points = Tensor.Normal(new Rng(seed), (count, 2), std: 0.3);
        var span = points.AsWritableSpan<float>();
        for (var i = 0; i < count; i++)
            span[2 * i] += i % 2 == 0 ? 1 : -1;
        return new TensorDataset(points, Tensor.From([.. Enumerable.Range(0, count).Select(i => i % 2L)]));
    }

    /// <summary>A trainer whose every step can be watched.</summary>
    public static Trainer Trainer(params Callback[] callbacks) =>
        new(Network.Input(2).Dense(4).ReLU().Dense(2).Build(seed: 1), Loss.CrossEntropy, new Adam(0.01)) { Metrics = [new Accuracy()], ClipNorm = 5, Seed = 7, Callbacks = callbacks };

    /// <summary>A run that has ended, with these results.</summary>
    public static string Add(RunStore store, string name, string data = "", params (string Name, RunValue Value)[] results)
    {
        using var run = store.Begin(new RunDescription { Name = name, Data = data });
        run.AddResults(results.ToDictionary(r => r.Name, r => r.Value));
        run.Complete();
        return run.Id;
    }
}
