using System.CommandLine;
using System.Text;
using Glia.Interchange;
using Glia.Runs;

namespace Glia.Cli.Commands.History;

/// <summary><c>glia runs export</c>: a training with all its numbers, for other programs.</summary>
internal static class RunsExportCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var run = RunsCommand.Run();
        var format = CommonOptions.Choice<ExportFormat>("--format", "json (the default): everything; csv: a table of the epochs, or with --steps of the steps.");
        var steps = new Option<bool>("--steps") { Description = "With --format csv: a line for each step instead of each epoch." };
        var file = new Option<string?>("--out", "-o") { Description = "Write to this file instead of the screen.", HelpName = "file" };
        var store = StoreLocation.Option();
        var command = new HelpfulCommand(
            "export",
            "Write a training with all its numbers as JSON or CSV.",
            """
              glia runs export last > run.json
              glia runs export 3f2a --format csv --out epochs.csv
              glia runs export 3f2a --format csv --steps --out steps.csv
            """)
        { run, format, steps, file, store };
        command.Validators.Add(result =>
        {
            // The text, since asking for the value of a format that does not exist would throw.
            var isCsv = result.GetResult(format)?.Tokens is [{ Value: var name }] && name.Equals(nameof(ExportFormat.Csv), StringComparison.OrdinalIgnoreCase);
            if (result.GetValue(steps) && !isCsv)
                result.AddError("--steps is for --format csv; JSON has all steps anyway. Leave it out.");
        });
        command.SetAction(parsed =>
        {
            using var opened = StoreLocation.Require(parsed.GetValue(store));
            var id = opened.Find(parsed.GetRequiredValue(run)).Id;
            Action<Stream> write = parsed.GetValue(format) != ExportFormat.Csv ? stream => RunExport.WriteJson(opened, id, stream)
                : parsed.GetValue(steps) ? stream => AsText(stream, text => RunExport.WriteStepsCsv(opened, id, text))
                : stream => AsText(stream, text => RunExport.WriteEpochsCsv(opened, id, text));
            if (parsed.GetValue(file) is { } path)
                AtomicFile.Write(path, write);
            else
                output.WriteLine(Output.RunText.Written(write).TrimEnd('\n'));
            return ExitCode.Success;
        });
        return command;
    }

    private static void AsText(Stream stream, Action<TextWriter> write)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        write(text);
    }

    private enum ExportFormat
    {
        Json,
        Csv,
    }
}
