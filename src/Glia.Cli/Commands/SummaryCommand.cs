using System.CommandLine;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Commands;

/// <summary><c>glia summary</c>: what a model consists of.</summary>
internal static class SummaryCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var model = CommonOptions.Model();
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "summary",
            "Show a trained model: layers, shapes, parameters, what it was trained on and what it expects.",
            """
              glia summary runs/iris
              glia summary model.safetensors --json
            """)
        { model, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(model), new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(string path, Terminal terminal)
    {
        var model = TrainedModel.Load(path);
        var preprocessing = model.Preprocessing;
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(ToJson(model)));
            return ExitCode.Success;
        }
        terminal.Line($"{model.Path}");
        terminal.Line($"trained on {preprocessing.Source.Data} ({ModelSummary.Number(preprocessing.Source.Rows)} samples, seed {preprocessing.Source.Seed})");
        ModelSummary.Print(terminal, model.Network);
        terminal.Heading("Expects");
        if (preprocessing.Images is { } images)
            terminal.Line($"  images (PNG, JPEG, BMP); they become {(images.Channels == 1 ? "grey" : "colour")}, {images.Height}×{images.Width} pixels");
        else
            terminal.Line($"  a table with columns: {string.Join(", ", preprocessing.Features!.ColumnsNeeded)}");
        terminal.Heading("Predicts");
        terminal.Line(preprocessing.Task == TaskKind.Classification
            ? $"  one of {preprocessing.Classes.Count} classes: {ClosestName.List(preprocessing.Classes)}{(model.DecidesBySign ? ", by the sign of the output" : "")}"
            : $"  {preprocessing.Target!.ColumnName}, a number");
        return ExitCode.Success;
    }

    private static JsonObject ToJson(TrainedModel model)
    {
        var summary = model.Network.Summary();
        return new JsonObject
        {
            ["model"] = model.Path,
            ["data"] = model.Preprocessing.Source.Data,
            ["task"] = RunSummary.Name(model.Preprocessing.Task),
            ["classes"] = new JsonArray([.. model.Preprocessing.Classes.Select(c => (JsonNode)c)]),
            ["input"] = Sizes(summary.InputShape),
            ["parameters"] = summary.ParameterCount,
            ["trainable"] = summary.TrainableCount,
            ["layers"] = new JsonArray([.. summary.Layers.Select(ToJson)]),
        };
    }

    private static JsonObject ToJson(LayerSummary layer)
    {
        var json = new JsonObject
        {
            ["name"] = layer.Name,
            ["kind"] = layer.Kind,
            ["output"] = Sizes(layer.OutputShape),
            ["parameters"] = layer.ParameterCount,
            ["trainable"] = layer.TrainableCount,
        };
        if (layer.DenseParameterCount is { } dense)
            json["denseParameters"] = dense;
        return json;
    }

    private static JsonArray Sizes(Shape shape) => new([.. shape.Sizes.ToArray().Select(s => (JsonNode)s)]);
}
