using System.Text.Json;
using Glia.Layers;
using Glia.Training.Diagnostics;

namespace Glia.Training;

/// <summary>All that training changes, into a checkpoint and back: model, optimiser, position, measurements so far, metrics and callbacks.</summary>
internal static class TrainingImage
{
    public const string ModelPart = "model";
    public const string PositionPart = "position";
    public const string StepName = "step";
    public const string EpochName = "epoch";

    private const string OptimizerPart = "optimizer";
    private const string RecurrentPart = "recurrent";
    private const string SettingsPart = "settings";
    private const string MetricsPart = "metrics";
    private const string CallbacksPart = "callbacks";
    private const string CallbackNames = "callbacks";
    private const string FrozenName = "frozen";

    /// <summary>Takes down the state of training between two steps.</summary>
    /// <param name="state">The training.</param>
    /// <param name="copies">Whether numbers are copied, so that training may go on before they are written.</param>
    /// <returns>What is to be written; null where a metric cannot be saved in the middle of an epoch.</returns>
    public static CheckpointWriter? Capture(TrainingState state, bool copies)
    {
        var image = new CheckpointWriter(copies);
        if (state.BatchInEpoch > 0 && !CaptureMetrics(state, image.In(MetricsPart)))
            return null;
        image.Write(ModelPart, state.Model.StateDict());
        image.Write(OptimizerPart, state.Optimizer.StateDict());
        image.Write(FrozenName, string.Join('\n', Frozen(state.Model)));
        foreach (var layer in StatefulLayers.Of(state.Model))
        {
            if (layer.KeptState is not { } kept)
                continue;
            image.In(RecurrentPart).Write($"{layer.Path}.hidden", kept.Hidden);
            if (kept.Cell is { } cell)
                image.In(RecurrentPart).Write($"{layer.Path}.cell", cell);
        }
        var settings = image.In(SettingsPart);
        foreach (var (name, value) in state.Settings)
            settings.Write(name, value);
        CapturePosition(state, image.In(PositionPart));
        var names = new List<string>();
        foreach (var (name, callback) in Named(state.Trainer.Callbacks))
        {
            var part = image.In(CallbacksPart).In(name);
            var before = image.Count;
            callback.SaveState(part);
            if (image.Count > before)
                names.Add(name);
        }
        image.Write(CallbackNames, string.Join('\n', names));
        return image;
    }

    /// <summary>Puts model, optimiser and position back; if anything does not fit, nothing is changed.</summary>
    /// <exception cref="CheckpointException">It was made by another training.</exception>
    public static void Restore(Checkpoint checkpoint, TrainingState state)
    {
        var reader = checkpoint.Reader;
        var differences = TrainingSettings.Differences(reader.In(SettingsPart).Texts(), state.Settings).ToList();
        var present = Named(state.Trainer.Callbacks).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        differences.AddRange(SavedCallbacks(reader).Where(name => !present.Contains(name) && !MayBeLeftOut(name)).Select(name => $"the callback {name} is missing here"));
        if (differences.Count > 0)
            throw new CheckpointException($"The checkpoint '{checkpoint.Path}' does not fit this training: {string.Join("; ", differences)}. Give the same settings and data, or train anew.");
        try
        {
            state.Model.LoadStateDict(checkpoint.Weights);
            state.Optimizer.LoadStateDict(reader.ReadTensors(OptimizerPart));
            RestoreFrozen(state.Model, Lines(reader.ReadText(FrozenName)));
            RestoreRecurrent(state.Model, reader.In(RecurrentPart));
            RestorePosition(state, reader.In(PositionPart));
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            throw new CheckpointException($"The checkpoint '{checkpoint.Path}' does not fit this training: {e.Message}", e);
        }
    }

    /// <summary>Puts metrics and callbacks back, after they were told that training begins.</summary>
    /// <exception cref="CheckpointException">A callback finds that its state does not fit.</exception>
    public static void RestoreParts(Checkpoint checkpoint, TrainingState state)
    {
        var reader = checkpoint.Reader;
        if (state.BatchInEpoch > 0)
        {
            for (var i = 0; i < state.Trainer.Metrics.Count; i++)
            {
                state.Trainer.Metrics[i].Reset();
                state.Trainer.Metrics[i].LoadState(reader.In(MetricsPart).In(MetricName(i)));
            }
        }
        var saved = SavedCallbacks(reader).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, callback) in Named(state.Trainer.Callbacks))
        {
            if (saved.Contains(name))
                callback.LoadState(reader.In(CallbacksPart).In(name));
        }
    }

    private static bool CaptureMetrics(TrainingState state, CheckpointWriter writer)
    {
        for (var i = 0; i < state.Trainer.Metrics.Count; i++)
        {
            if (!state.Trainer.Metrics[i].SaveState(writer.In(MetricName(i))))
                return false;
        }
        return true;
    }

    private static void CapturePosition(TrainingState state, CheckpointWriter position)
    {
        position.Write(StepName, state.Step);
        position.Write(EpochName, state.Epoch);
        position.Write("stepInEpoch", state.StepInEpoch);
        position.Write("batchInEpoch", state.BatchInEpoch);
        position.Write("epochSeconds", state.EpochSeconds);
        position.Write("lossCount", state.EpochMean.Count);
        position.Write("lossSum", state.EpochMean.Sum);
        position.Write("lossWeight", state.EpochMean.Weight);
        position.Write("loss", state.Loss);
        position.Write("gradientNorm", state.GradientNorm);
        position.Write("firstLoss", state.History.FirstLoss);
        position.Write("stopReason", state.History.StopReason.ToString());
        position.Write("history", JsonSerializer.Serialize(state.History.Epochs, RunRecordJson.Default.IReadOnlyListEpochRecord));
    }

    private static void RestorePosition(TrainingState state, CheckpointReader position)
    {
        var mean = WeightedMean.Of((int)position.ReadInteger("lossCount"), position.ReadNumber("lossSum"), position.ReadNumber("lossWeight"));
        state.Resume(position.ReadInteger(StepName), (int)position.ReadInteger(EpochName), (int)position.ReadInteger("stepInEpoch"), position.ReadNumber("loss"));
        state.Mark((int)position.ReadInteger("batchInEpoch"), mean, position.ReadNumber("epochSeconds"));
        state.GradientNorm = position.ReadNumber("gradientNorm");
        state.History.FirstLoss = position.ReadNumber("firstLoss");
        state.History.StopReason = Enum.Parse<StopReason>(position.ReadText("stopReason"));
        foreach (var record in JsonSerializer.Deserialize(position.ReadText("history"), RunRecordJson.Default.IReadOnlyListEpochRecord) ?? [])
            state.History.Add(record);
    }

    private static void RestoreFrozen(Module model, string[] frozen)
    {
        foreach (var (name, tensor) in model.StateDict())
        {
            if (tensor is Parameter parameter)
                parameter.IsTrainable = !frozen.Contains(name);
        }
        model.ZeroGrad();
    }

    private static void RestoreRecurrent(Module model, CheckpointReader reader)
    {
        foreach (var layer in StatefulLayers.Of(model))
        {
            var (hidden, cell) = ($"{layer.Path}.hidden", $"{layer.Path}.cell");
            layer.KeptState = reader.Contains(hidden) ? new(reader.ReadTensor(hidden), reader.Contains(cell) ? reader.ReadTensor(cell) : null) : null;
        }
    }

    private static IEnumerable<string> Frozen(Module model) => model.StateDict().Where(t => t.Value is Parameter { IsTrainable: false }).Select(t => t.Key);

    private static string[] SavedCallbacks(CheckpointReader reader) => Lines(reader.ReadText(CallbackNames));

    /// <summary>Whether training is the same without it.</summary>
    private static bool MayBeLeftOut(string callback) => callback.StartsWith(nameof(ModelCheckpoint), StringComparison.Ordinal);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string MetricName(int index) => FormattableString.Invariant($"{index}");

    /// <summary>Callbacks by the names of their types; further ones of a type with a number.</summary>
    private static IEnumerable<(string Name, Callback Callback)> Named(IEnumerable<Callback> callbacks)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var callback in callbacks)
        {
            var name = callback.GetType().Name;
            seen[name] = seen.GetValueOrDefault(name) + 1;
            yield return (seen[name] == 1 ? name : FormattableString.Invariant($"{name}{seen[name]}"), callback);
        }
    }
}
