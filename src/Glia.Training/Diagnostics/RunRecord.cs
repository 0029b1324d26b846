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
            return JsonSerializer.Deserialize(json, RunRecordJson.Default.RunRecord) ?? throw new FormatException("The record of a run is empty.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The record of a run is damaged: {e.Message}", e);
        }
    }
}

/// <summary>Reading and writing without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunRecordJson : JsonSerializerContext;
