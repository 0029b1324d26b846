using System.CommandLine;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Pictures;
using Glia.Cli.Reports;
using Glia.Cli.Runs;

namespace Glia.Cli.Commands;

/// <summary><c>glia report</c>: a run as one HTML page.</summary>
internal static class ReportCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var run = new Argument<string>("run") { Description = "A run folder made by 'glia train', or the model file in it." };
        var file = new Option<string?>("--out", "-o") { Description = $"The file to write, .html; by default {RunReport.Name} in the folder of the run.", HelpName = "file" };
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "report",
            "Write the report of a run: one HTML file with results, curves, findings, worst and best examples, environment and the command that repeats it.",
            """
              glia report runs/digits
              glia report runs/digits --out digits.html
            """)
        { run, file, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(run), parsed.GetValue(file), new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(string path, string? file, Terminal terminal)
    {
        if (file is not null && Path.GetExtension(file).ToLowerInvariant() is not (".html" or ".htm"))
            throw new UserException($"--out must be a file that ends in .html but is '{file}'.");
        var run = PlotSource.Open(path);
        var page = RunReport.Create(run);
        file ??= run.In(RunReport.Name);
        try
        {
            page.Save(file);
        }
        catch (Exception e) when (FailureReason.IsKnown(e))
        {
            var reason = Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))) ? FailureReason.Of(e, file) : "its folder does not exist";
            throw new UserException($"Cannot write '{file}': {reason}. Choose another place with --out.", e);
        }
        if (terminal.Json)
            terminal.Out.WriteLine(RunSummary.ToText(new JsonObject { ["run"] = path, ["file"] = file }));
        else
            terminal.Line(file);
        return ExitCode.Success;
    }
}
