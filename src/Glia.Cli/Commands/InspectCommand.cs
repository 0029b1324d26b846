using System.CommandLine;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using Glia.Interchange;

namespace Glia.Cli.Commands;

/// <summary><c>glia inspect</c>: what a file of tensors holds.</summary>
internal static class InspectCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var file = new Argument<string>("file") { Description = "A file of tensors: .safetensors or its .index.json, .pt, .pth, .npz, .npy or .onnx." };
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "inspect",
            "Show what a file of tensors holds, safetensors, PyTorch, NumPy or ONNX: names, types, shapes and sizes, texts, and the nodes of a graph. Nothing in a file is run.",
            """
              glia inspect model.safetensors
              glia inspect checkpoint.pt
              glia inspect model.onnx --json
            """)
        { file, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(string path, Terminal terminal)
    {
        if (Directory.Exists(path))
            throw new UserException($"'{path}' is a folder. Give a file of tensors, such as .safetensors, .pt, .npz or .onnx; 'glia summary' shows a run.");
        if (!File.Exists(path))
            throw new UserException($"there is no file '{path}'.");
        var contents = OnnxReport.IsOnnx(path) ? FileContents.Of(OnnxModel.Load(path)) : FileContents.OfWeights(path);
        if (terminal.Json)
            terminal.Out.WriteLine(RunSummary.ToText(contents.ToJson(path)));
        else
            contents.Print(terminal, path);
        return ExitCode.Success;
    }
}
