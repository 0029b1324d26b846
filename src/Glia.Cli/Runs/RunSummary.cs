using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Problems;
using Glia.Data;
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
            ["data"] = problem.Preprocessing.Source.Data,
            ["task"] = Name(problem.Task),
            ["target"] = problem.Target,
            ["samples"] = new JsonObject { ["train"] = problem.Train.Count, ["validation"] = problem.Validation.Count, ["test"] = problem.Test.Count },
            ["family"] = recipe.Family,
            ["parameters"] = recipe.Network.ParameterCount,
            ["settings"] = recipe.Settings(options.Seed),
        };
        log.AddTo(json);
        json["test"] = ToJson(result);
        json["folder"] = folder;
        json["model"] = Path.Combine(folder, RunFolder.ModelName);
        return json.ToJsonString(Indented);
    }

    public static JsonObject ToJson(Evaluation result)
    {
        var json = new JsonObject { ["samples"] = result.Samples, ["loss"] = Finite(result.Loss) };
        if (result.Task == TaskKind.Regression)
        {
            json["rmse"] = Finite(result.Rmse);
            json["mae"] = Finite(result.Mae);
            json["r2"] = Finite(result.RSquared);
            return json;
        }
        var confusion = result.Confusion!;
        json["accuracy"] = Finite(confusion.Accuracy);
        json["macroF1"] = Finite(confusion.MacroF1);
        json["classes"] = new JsonArray([.. result.Classes.Select((name, c) => new JsonObject
        {
            ["name"] = name,
            ["precision"] = confusion.Precision(c),
            ["recall"] = confusion.Recall(c),
            ["f1"] = confusion.F1(c),
            ["samples"] = confusion.Support(c),
        })]);
        json["confusion"] = new JsonArray([.. Enumerable.Range(0, confusion.ClassCount).Select(a =>
            (JsonNode)new JsonArray([.. Enumerable.Range(0, confusion.ClassCount).Select(p => (JsonNode)confusion[a, p])]))]);
        return json;
    }

    public static string ToText(JsonNode json) => json.ToJsonString(Indented);

    public static string Name(TaskKind task) => task == TaskKind.Classification ? "classification" : "regression";

    /// <summary>JSON has no NaN.</summary>
    public static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;
}
