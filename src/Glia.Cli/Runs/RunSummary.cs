using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Problems;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Runs;

/// <summary>A training run as JSON, for machines.</summary>
internal static class RunSummary
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToJson(Problem problem, Recipe recipe, TrainOptions options, TrainingLog log, Evaluation result, string folder)
    {
        var json = new JsonObject
        {
            ["data"] = problem.Preparation.Source.Data,
            ["task"] = problem.Preparation.Task,
            ["target"] = problem.Target,
            ["samples"] = new JsonObject { ["train"] = problem.Train.Count, ["validation"] = problem.Validation.Count, ["test"] = problem.Test.Count },
            ["family"] = recipe.Family,
            ["parameters"] = recipe.Network.ParameterCount,
            ["settings"] = recipe.Settings(options.Seed),
        };
        log.AddTo(json);
        json["test"] = result.ToJson();
        json["folder"] = folder;
        json["model"] = Path.Combine(folder, RunFolder.ModelName);
        return json.ToJsonString(Indented);
    }

    public static string ToText(JsonNode json) => json.ToJsonString(Indented);

    /// <summary>JSON has no NaN.</summary>
    public static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;
}
