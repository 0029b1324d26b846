using System.CommandLine;
using System.Text.Json.Nodes;
using Glia.Cli.Exports;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Interchange;

namespace Glia.Cli.Commands;

/// <summary><c>glia export</c>: a trained model as a file for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var model = CommonOptions.Model();
        var file = new Option<string?>("--out", "-o") { Description = $"The file to write; its name chooses the format: {string.Join(", ", ExportFormat.All.Select(f => $"{f.Extension} ({f.Name})"))}.", HelpName = "file" };
        var operatorSet = CommonOptions.Number(
            ExportFormat.OperatorSetOption, null, $"The version of ONNX's operators, {OnnxExportOptions.OldestOperatorSet} to {OnnxExportOptions.NewestOperatorSet}; {OnnxExportOptions.OldestOperatorSet} by default.", "n", OnnxExportOptions.OldestOperatorSet);
        var preprocessing = new Option<bool>(ExportFormat.PreprocessingOption) { Description = "Let the ONNX file take columns of a table, pixels or values of a series as they are, and give probabilities and a class, or a number in its own units." };
        var weights = new Option<bool>(ExportFormat.WeightsOption) { Description = "Write the tensors without the texts that make it a model of Glia's." };
        var pyTorch = new Option<bool>(ExportFormat.PyTorchOption) { Description = "Name and lay out the weights as PyTorch does, for load_state_dict." };
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "export",
            "Write a trained model as a file for other programs.",
            """
              glia export runs/iris -o iris.onnx
              glia export runs/iris -o iris.onnx --with-preprocessing
              glia export runs/digits -o digits.onnx --opset 20 --json
              glia export runs/iris -o weights.safetensors --weights-only
              glia export runs/iris -o weights.npz --pytorch-names
            """)
        { model, file, operatorSet, preprocessing, weights, pyTorch, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model), parsed.GetValue(file), parsed.GetValue(operatorSet), parsed.GetValue(preprocessing), parsed.GetValue(weights), parsed.GetValue(pyTorch),
            new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(string path, string? file, int? operatorSet, bool preprocessing, bool weights, bool pyTorch, Terminal terminal)
    {
        if (string.IsNullOrWhiteSpace(file))
            throw new UserException($"there is no file to write. Give one, such as: {CommandLine.Name} export {path} -o model.onnx");
        var format = ExportFormat.Of(file);
        foreach (var (option, isGiven) in (ReadOnlySpan<(string, bool)>)
            [(ExportFormat.OperatorSetOption, operatorSet is not null), (ExportFormat.PreprocessingOption, preprocessing), (ExportFormat.WeightsOption, weights), (ExportFormat.PyTorchOption, pyTorch)])
        {
            if (isGiven && !format.Options.Contains(option))
                throw new UserException($"{option} is not for {format.Name}. Leave it out, or write another format.");
        }
        if (operatorSet > OnnxExportOptions.NewestOperatorSet)
            throw new UserException($"--opset must be from {OnnxExportOptions.OldestOperatorSet} to {OnnxExportOptions.NewestOperatorSet} but is {operatorSet}.");
        if (Directory.Exists(file))
            throw new UserException($"'{file}' is a folder. Give the name of a file.");
        var source = TrainedModel.FindFile(path);
        if (Path.GetFullPath(source) == Path.GetFullPath(file))
            throw new UserException($"'{file}' is the model itself. Give another name.");
        var contents = format.Write(new(source, ModelFile.Load(source), file, operatorSet, preprocessing, weights, pyTorch));
        Print(terminal, source, file, format, contents);
        return ExitCode.Success;
    }

    private static void Print(Terminal terminal, string source, string file, ExportFormat format, JsonObject contents)
    {
        if (terminal.Json)
        {
            var document = new JsonObject { ["model"] = source, ["file"] = file, ["format"] = format.Name, ["bytes"] = new FileInfo(file).Length };
            foreach (var (name, value) in contents)
                document[name] = value?.DeepClone();
            terminal.Out.WriteLine(RunSummary.ToText(document));
            return;
        }
        terminal.Line($"{file}: {format.Name}, {ModelSummary.Number(new FileInfo(file).Length)} bytes");
        foreach (var (verb, key) in (ReadOnlySpan<(string, string)>)[("takes", "inputs"), ("gives", "outputs")])
        {
            foreach (var value in contents[key]?.AsArray() ?? [])
                terminal.Line($"  {verb} {value!["name"]} {value["type"]} {value["shape"]}");
        }
        foreach (var note in contents["notes"]?.AsArray() ?? [])
            terminal.Line($"  {note}");
    }
}
