using System.CommandLine;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
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
              glia summary model.onnx
            """)
        { model, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(model), new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(string path, Terminal terminal)
    {
        if (OnnxReport.IsOnnx(path) && File.Exists(path))
        {
            OnnxReport.Print(terminal, path);
            return ExitCode.Success;
        }
        var model = TrainedModel.Load(path);
        var preparation = model.Preparation;
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(ToJson(model)));
            return ExitCode.Success;
        }
        terminal.Line($"{model.Path}");
        terminal.Line($"trained on {preparation.Source.Data} ({ModelSummary.Number(preparation.Source.Rows)} samples, seed {preparation.Source.Seed})");
        ModelSummary.Print(terminal, model.Network);
        terminal.Heading("Expects");
        terminal.Line($"  {preparation.Expects}");
        terminal.Heading("Predicts");
        terminal.Line($"  {preparation.Predicts(model.Network)}");
        return ExitCode.Success;
    }

    private static JsonObject ToJson(TrainedModel model)
    {
        var summary = model.Network.Summary();
        return new JsonObject
        {
            ["model"] = model.Path,
            ["data"] = model.Preparation.Source.Data,
            ["task"] = model.Preparation.Task,
            ["classes"] = new JsonArray([.. model.Preparation.Classes.Select(c => (JsonNode)c)]),
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
