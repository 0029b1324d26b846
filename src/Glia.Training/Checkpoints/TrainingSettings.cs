using System.Globalization;
using System.Text;
using System.Text.Json;
using Glia.Layers;
using Glia.Losses;

namespace Glia.Training;

/// <summary>What must be the same for training to go on to the same bits, as texts by name: model, loss, optimiser, data and the trainer's own settings.</summary>
internal static class TrainingSettings
{
    private const string LayerName = "layer ";

    public static IReadOnlyList<(string Name, string Value)> Of(TrainingState state)
    {
        var (trainer, settings) = (state.Trainer, new List<(string, string)>());
        settings.AddRange(Layers(state.Model).Select((layer, i) => (string.Create(CultureInfo.InvariantCulture, $"{LayerName}{i + 1}"), layer)));
        settings.Add(("loss", trainer.Loss.Reduction == LossReduction.Mean ? trainer.Loss.Name : $"{trainer.Loss.Name} ({trainer.Loss.Reduction})"));
        settings.Add(("optimizer", state.Optimizer.GetType().Name));
        settings.AddRange(state.Optimizer.Settings.Select(s => ($"{s.Key} of the optimizer", Text(s.Value))));
        settings.Add(("seed", trainer.Seed.ToString(CultureInfo.InvariantCulture)));
        settings.Add(("batch size", Text(state.BatchSize)));
        settings.Add(("batches of a step", Text(trainer.AccumulateSteps)));
        settings.Add(("shuffling", trainer.Shuffle ? "yes" : "no"));
        settings.Add(("leaving out the last batch", trainer.DropLast ? "yes" : "no"));
        settings.Add(("largest norm of the gradients", trainer.ClipNorm is { } norm ? Text(norm) : "none"));
        settings.Add(("largest component of the gradients", trainer.ClipValue is { } value ? Text(value) : "none"));
        settings.Add(("penalties", string.Join(", ", trainer.Regularizers.Select(r => r.Describe()))));
        settings.Add(("metrics", string.Join(", ", trainer.Metrics.Select(m => m.Name))));
        settings.Add(("training data", DataFingerprint.Of(state.TrainingData)));
        settings.Add(("validation data", DataFingerprint.Of(state.ValidationData)));
        return settings;
    }

    /// <summary>What differs between a checkpoint and a training, a phrase each; of the layers the first only, since one that is added moves all behind it.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> saved, IReadOnlyList<(string Name, string Value)> now)
    {
        var current = now.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
        var names = now.Select(s => s.Name).Concat(saved.Keys.Where(name => !current.ContainsKey(name)).Order(StringComparer.Ordinal));
        var different = names.Where(name => saved.GetValueOrDefault(name) != current.GetValueOrDefault(name)).ToArray();
        var layer = Array.Find(different, IsLayer);
        return [.. different.Where(name => !IsLayer(name) || name == layer).Select(name => $"{name} is {Value(saved, name)} there, {Value(current, name)} here")];
    }

    private static bool IsLayer(string name) => name.StartsWith(LayerName, StringComparison.Ordinal);

    private static string Value(IReadOnlyDictionary<string, string> settings, string name) => settings.GetValueOrDefault(name) is not { } value ? "absent" : value.Length == 0 ? "none" : value;

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The layers with their settings where a file could name them; else their paths, types and shapes.</summary>
    private static List<string> Layers(Module model)
    {
        if (model is SequentialNetwork network)
        {
            try
            {
                using var stream = new MemoryStream();
                using (var writer = new Utf8JsonWriter(stream))
                    network.WriteArchitecture(writer);
                using var json = JsonDocument.Parse(stream.ToArray());
                return [.. json.RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetRawText())];
            }
            catch (NotSupportedException)
            {
                // A layer of the user's own; described as any module is.
            }
        }
        var lines = new List<string>();
        Describe(model, lines);
        return lines;
    }

    private static void Describe(Module module, List<string> lines)
    {
        if (module.Children.Count == 0)
        {
            var shapes = new StringBuilder().AppendJoin(' ', module.StateDict().Select(t => $"{t.Key} {t.Value.Shape} {t.Value.DType}"));
            lines.Add($"{module.GetType().Name} {module.Path} {shapes}".TrimEnd());
        }
        foreach (var (_, child) in module.Children)
            Describe(child, lines);
    }
}
