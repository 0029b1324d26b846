using System.CommandLine;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Interchange;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Commands;

/// <summary><c>glia import</c>: weights of another program into a model, or into a file of another format.</summary>
internal static class ImportCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var file = new Argument<string>("file") { Description = "A file of weights: .safetensors, .safetensors.index.json, .pt, .pth, .npz, .npy or .onnx." };
        var result = new Option<string>("--out", "-o") { Description = "The file to write: a model file with --into; otherwise .safetensors or .npz.", HelpName = "file", Required = true };
        var into = new Option<string?>("--into") { Description = "The model whose architecture and preprocessing take the weights: a run folder, or a model file.", HelpName = "model" };
        var map = new Option<string[]>("--map")
        {
            Description = "A name of the file and the model's name for it; a * stands for any characters. Nothing behind = leaves tensors out. ^T at the end turns the axes of Keras' kernels. May be repeated.",
            HelpName = "old=new",
        };
        var part = new Option<string?>("--part") { Description = "The part of a checkpoint that holds the weights, such as model; found by itself if there is only one. \"\" for everything.", HelpName = "name" };
        var missing = new Option<bool>("--allow-missing") { Description = "Parameters that the file lacks keep the model's values." };
        var unexpected = new Option<bool>("--allow-unexpected") { Description = "Tensors that the model does not have are left out." };
        var misshapen = new Option<bool>("--allow-misshapen") { Description = "Parameters of another shape keep the model's values." };
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "import",
            "Take weights from PyTorch, NumPy, safetensors or ONNX into a model that was made by 'glia train', or convert a file of weights. Nothing in a file is run.",
            """
              glia import weights.pt --into runs/iris --map "fc1.*=dense1.*" --map "fc2.*=dense2.*" -o imported.safetensors
              glia import checkpoint.pth --part model --into runs/digits --allow-missing -o imported.safetensors
              glia import weights.pt -o weights.safetensors
            """)
        { file, result, into, map, part, missing, unexpected, misshapen, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(file),
            parsed.GetRequiredValue(result),
            parsed.GetValue(into),
            new WeightLoadOptions
            {
                Map = ReadMap(parsed.GetValue(map) ?? []),
                Part = parsed.GetValue(part),
                AllowMissing = parsed.GetValue(missing),
                AllowUnexpected = parsed.GetValue(unexpected),
                AllowMisshapen = parsed.GetValue(misshapen),
            },
            new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static WeightMap? ReadMap(string[] rules)
    {
        try
        {
            return rules.Length == 0 ? null : WeightMap.Parse(rules);
        }
        catch (ArgumentException e)
        {
            throw new UserException($"--map: {e.Message}", e);
        }
    }

    private static int Run(string path, string result, string? into, WeightLoadOptions options, Terminal terminal)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new UserException($"there is no file '{path}'.");
        using var file = WeightFile.Open(path);
        if (into is not null)
        {
            IntoModel(file, TrainedModel.FindFile(into), result, options, terminal);
            return ExitCode.Success;
        }
        if (options.AllowMissing || options.AllowUnexpected || options.AllowMisshapen)
            throw new UserException("--allow-missing, --allow-unexpected and --allow-misshapen need a model to compare with: give --into.");
        if (options is { Map: null, Part: null } && result.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && OnnxReport.IsOnnx(path) && ModelFile.FromOnnx(OnnxModel.Load(path)) is { } model)
            ToModel(path, model, result, terminal);
        else
            Convert(file, result, options, terminal);
        return ExitCode.Success;
    }

    private static void IntoModel(WeightFile file, string modelPath, string result, WeightLoadOptions options, Terminal terminal)
    {
        var model = ModelFile.Load(modelPath);
        var loaded = model.Network.LoadWeights(file, options);
        model.Save(result);
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(new JsonObject
            {
                ["file"] = file.Source,
                ["format"] = file.Format,
                ["into"] = modelPath,
                ["out"] = result,
                ["loaded"] = new JsonArray([.. loaded.Loaded.Select(l => new JsonObject { ["name"] = l.Name, ["sources"] = Texts(l.Sources) })]),
                ["missing"] = Texts(loaded.Missing),
                ["unexpected"] = Texts(loaded.Unexpected),
                ["misshapen"] = Texts(loaded.Misshapen),
                ["leftOut"] = Texts(loaded.LeftOut),
            }));
            return;
        }
        terminal.Line($"{file.Source}: {file.Format}, {ModelSummary.Number(file.Entries.Count)} tensors");
        foreach (var (name, sources) in loaded.Loaded)
            terminal.Line($"  {name} = {string.Join(" + ", sources.Select(FileContents.OneLine))}");
        Print(terminal, "Kept from the model, since the file lacks them", loaded.Missing);
        Print(terminal, "Kept from the model, since the shape differs", loaded.Misshapen);
        Print(terminal, "Not in the model", loaded.Unexpected);
        Print(terminal, "Left out", loaded.LeftOut);
        terminal.Line();
        terminal.Line($"{ModelSummary.Number(loaded.Loaded.Count)} parameters of {modelPath} were replaced; the model is {result}.");
    }

    /// <summary>An ONNX file that was exported from a model is that model again.</summary>
    private static void ToModel(string path, ModelFile model, string result, Terminal terminal)
    {
        model.Save(result);
        if (terminal.Json)
            terminal.Out.WriteLine(RunSummary.ToText(new JsonObject { ["file"] = path, ["format"] = "ONNX", ["out"] = result, ["parameters"] = model.Network.ParameterCount }));
        else
            terminal.Line($"{path}: ONNX, exported from a model of {ModelSummary.Number(model.Network.ParameterCount)} parameters, which is {result} now, with its preprocessing.");
    }

    private static void Convert(WeightFile file, string result, WeightLoadOptions options, Terminal terminal)
    {
        if (!ModuleWeights.CanWrite(result))
            throw new UserException($"'{result}' ends in neither .safetensors nor .npz, so the format to write is not known. Choose a name that does, or give --into to make a model.");
        var names = file.Convert(result, options with { Names = WeightNames.AsWritten });
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(new JsonObject
            {
                ["file"] = file.Source,
                ["format"] = file.Format,
                ["out"] = result,
                ["written"] = new JsonArray([.. names.Select(n => new JsonObject { ["name"] = n.Name, ["source"] = n.Sources[0] })]),
            }));
            return;
        }
        terminal.Line($"{file.Source}: {file.Format}, {ModelSummary.Number(file.Entries.Count)} tensors; {ModelSummary.Number(names.Count)} were written to {result}.");
    }

    private static void Print(Terminal terminal, string heading, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        terminal.Heading(heading);
        foreach (var line in lines)
            terminal.Line($"  {FileContents.OneLine(line)}");
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
