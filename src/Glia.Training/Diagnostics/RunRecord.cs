using System.Text.Json;
using System.Text.Json.Serialization;

namespace Glia.Training.Diagnostics;

/// <summary>
/// What the <see cref="TrainingDoctor"/> concludes from: data, model and training as they were measured. It can be kept as JSON and examined again later.
/// </summary>
public sealed record RunRecord
{
    /// <summary>How it was trained, or is to be.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>The samples.</summary>
    public required DataProfile Data { get; init; }

    /// <summary>The model before its first step.</summary>
    public required ModelProfile Model { get; init; }

    /// <summary>The loss of the steps: each number is the mean of <see cref="LossStride"/> of them.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];

    /// <summary>How many steps a number of <see cref="Losses"/> stands for.</summary>
    public int LossStride { get; init; } = 1;

    /// <summary>What was measured epoch by epoch.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; init; } = [];

    /// <summary>Looks inside the model at some steps, often at the start and more rarely later.</summary>
    public IReadOnlyList<Probe> Probes { get; init; } = [];

    /// <summary>Why training failed; null when it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The step of the failure, counted from 1; null without one.</summary>
    public long? FailureStep { get; init; }

    /// <summary>The layer of the failure; null when it has none.</summary>
    public string? FailureLayer { get; init; }

    /// <summary>Why training ended.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>The epoch (counted from 1) whose parameters were kept; null for the last.</summary>
    public int? RestoredEpoch { get; init; }

    /// <summary>The record as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunRecordJson.Default.RunRecord);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no such record.</exception>
    public static RunRecord FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var record = JsonSerializer.Deserialize(json, RunRecordJson.Default.RunRecord) ?? throw new FormatException("The record of a run is empty.");
            return record.Damage() is { } damage ? throw new FormatException($"The record of a run is damaged: {damage}.") : record;
        }
        catch (JsonException e)
        {
            throw new FormatException($"The record of a run is damaged: {e.Message}", e);
        }
    }

    /// <summary>What is wrong that reading lets pass: lists that are missing, elements of null, numbers for names that do not exist, epochs without a loss.</summary>
    private string? Damage()
    {
        // Properties that the text does not name are null, whatever they begin with.
        if (Losses is null || Epochs is null || Probes is null || Settings is not { Loss: not null, Optimizer: not null } || Model.Layers is null || Data is not { FeatureStds: not null, FeatureMeans: not null, ClassCounts: not null })
            return "a part is missing";
        if (!Enum.IsDefined(StopReason) || Model.Layers.Any(l => l is not { Name: not null, Type: not null } || !Enum.IsDefined(l.Role)))
            return "it holds a layer or a reason to stop of no known kind";
        if (Epochs.Any(e => e?.Training is null || !e.Training.ContainsKey("loss") || e.Validation?.ContainsKey("loss") == false))
            return "it holds an epoch without a loss";
        if (Probes.Any(p => p is not { Parameters: not null, Activations: not null } || p.Parameters.Any(x => x?.Name is null) || p.Activations.Any(a => a?.Layer is null || !Enum.IsDefined(a.Role))))
            return "it holds a probe with nothing in it";
        if (Probes.SelectMany(p => p.Parameters.SelectMany(x => new[] { x.Weights, x.Gradients }).Concat(p.Activations.Select(a => a.Values))).Any(h => h is { Counts: null } || h?.Counts.Any(c => c < 0) == true))
            return "it holds a histogram without counts";
        if (Data.FeatureMeans.Count != Data.FeatureStds.Count)
            return $"it holds means of {Data.FeatureMeans.Count} features but deviations of {Data.FeatureStds.Count}";
        return Data.ClassCounts.Count > 0 && !Data.ClassCounts.Any(c => c > 0) ? "it holds classes without samples" : null;
    }
}

/// <summary>Reading and writing without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunRecordJson : JsonSerializerContext;
