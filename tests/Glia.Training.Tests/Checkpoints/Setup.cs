using Glia.Data;

namespace Glia.Training.Tests.Checkpoints;

/// <summary>A training from scratch: the same one each time it is made.</summary>
internal sealed record Setup(Trainer Trainer, Dataset Train, Dataset? Validation = null, int Epochs = 3, int BatchSize = 16)
{
    /// <summary>Trains to the end, or goes on to it.</summary>
    public History Fit(Checkpoint? resume = null) => Trainer.Fit(Train, Validation, Epochs, BatchSize, resume);

    /// <summary>Asserts that two trainings ended alike: weights, optimiser, history.</summary>
    public static void AssertSame(Setup expected, History expectedHistory, Setup actual, History actualHistory)
    {
        AssertSame(expected.Trainer.Model.StateDict(), actual.Trainer.Model.StateDict());
        AssertSame(expected.Trainer.Optimizer.StateDict(), actual.Trainer.Optimizer.StateDict());
        Assert.Equal(expectedHistory.StopReason, actualHistory.StopReason);
        Assert.Equal(expectedHistory.RestoredEpoch, actualHistory.RestoredEpoch);
        Assert.Equal(expectedHistory.FirstLoss, actualHistory.FirstLoss);
        Assert.Equal(expectedHistory.Epochs.Select(Text), actualHistory.Epochs.Select(Text));
    }

    public static void AssertSame(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, tensor) in expected)
        {
            var (a, b) = (tensor.To(DType.Float64).ToArray<double>(), actual[name].To(DType.Float64).ToArray<double>());
            Assert.True(a.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(b.Select(BitConverter.DoubleToInt64Bits)), $"'{name}' differs");
        }
    }

    private static string Text(EpochRecord epoch) => FormattableString.Invariant(
        $"{epoch.Epoch} at {epoch.LearningRate:R}: {Text(epoch.Training)}; {(epoch.Validation is { } validation ? Text(validation) : "none")}");

    private static string Text(IReadOnlyDictionary<string, double> values) => string.Join(", ", values.Select(v => FormattableString.Invariant($"{v.Key} {v.Value:R}")));
}

/// <summary>Saves a checkpoint at some steps, once; at the end of an epoch under a name of its own.</summary>
internal sealed class SaveAt(string folder, params long[] steps) : Callback
{
    public List<string> Files { get; } = [];

    internal override void OnSafePoint(TrainingState state, bool isLast)
    {
        if (!steps.Contains(state.Step))
            return;
        var path = Path.Combine(folder, $"{state.Step}{(state.StepInEpoch == 0 ? "-epoch" : "")}.safetensors");
        if (File.Exists(path))
            return;
        TrainingImage.Capture(state, copies: true)!.Save(path);
        Files.Add(path);
    }
}

/// <summary>A fresh folder that is removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("glia-checkpoints-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
