using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Runs;
using Glia.Training;
using Glia.Training.Diagnostics;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Runs;

/// <summary>A training run as JSON, for machines.</summary>
internal static class RunSummary
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToJson(Problem problem, Recipe recipe, TrainOptions options, TrainingLog log, Evaluation result, string folder)
    {
        var json = Begin(problem, recipe, options);
        log.AddTo(json);
        json["test"] = result.ToJson();
        json["folder"] = folder;
        json["model"] = Path.Combine(folder, RunFolder.ModelName);
        return json.ToJsonString(Indented);
    }

    /// <summary>A training that failed.</summary>
    public static string ToJson(Problem problem, Recipe recipe, TrainOptions options, RunRecord record, string folder)
    {
        var json = Begin(problem, recipe, options);
        json["failure"] = record.Failure;
        json["findings"] = DoctorReport.ToJson(TrainingDoctor.Examine(record));
        json["folder"] = folder;
        json["model"] = Path.Combine(folder, RunFolder.ModelName);
        return json.ToJsonString(Indented);
    }

    private static JsonObject Begin(Problem problem, Recipe recipe, TrainOptions options) => new()
    {
        ["data"] = problem.Preparation.Source.Data,
        ["task"] = problem.Preparation.Task,
        ["target"] = problem.Target,
        ["samples"] = new JsonObject { ["train"] = problem.Train.Count, ["validation"] = problem.Validation.Count, ["test"] = problem.Test.Count },
        ["family"] = recipe.Family,
        ["parameters"] = recipe.Network.ParameterCount,
        ["arguments"] = new JsonObject(options.Arguments.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)a.Value))),
        ["settings"] = recipe.Settings(options.Seed),
        ["environment"] = new JsonObject(RunEnvironment.Read().Where(e => !OfThisProcess.Contains(e.Key)).OrderBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => KeyValuePair.Create(e.Key, (JsonNode?)(e.Value.Number is { } number ? number : e.Value.Text)))),
        ["finished"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
    };

    // What says nothing about the result, and of which those who get the file need not know.
    private static readonly string[] OfThisProcess = ["machine", "process"];

    public static string ToText(JsonNode json) => json.ToJsonString(Indented);

    /// <summary>JSON has no NaN.</summary>
    public static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;
}
