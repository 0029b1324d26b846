using System.CommandLine;
using System.Globalization;
using Glia.Cli.Output;
using Glia.Plots;
using Glia.Runs;
using Spectre.Console;

namespace Glia.Cli.Commands.History;

/// <summary><c>glia runs show</c>: all about one training.</summary>
internal static class RunsShowCommand
{
    private const int ChartWidth = 100;
    private const int ChartHeight = 14;
    private const int MostPoints = 1000;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var run = RunsCommand.Run();
        var store = StoreLocation.Option();
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "show",
            "Show one training: settings, results, curve, findings, files, and the command that repeats it.",
            """
              glia runs show last
              glia runs show 3f2a
              glia runs show runs/digits-20261130-120000 --json
            """)
        { run, store, json };
        command.SetAction(parsed =>
        {
            using var opened = StoreLocation.Require(parsed.GetValue(store));
            var found = opened.Find(parsed.GetRequiredValue(run));
            if (parsed.GetValue(json))
                output.WriteLine(RunText.Json([found]));
            else
                Print(new Terminal(output, error, json: false, quiet: false), opened, found);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(Terminal terminal, RunStore store, RunInfo run)
    {
        var about = run.Description;
        terminal.Line($"{run.Id}  {about.Name}: {about.Family} on {about.Data}, seed {about.Seed}");
        var ended = run.Ended is { } end ? string.Create(CultureInfo.InvariantCulture, $" to {RunText.Local(end)} ({(end - run.Started).TotalSeconds:F1} s)") : "";
        terminal.Line($"{RunText.Of(run.State)}{(run.StopReason is { } reason ? $" ({reason})" : "")}, {RunText.Local(run.Started)}{ended}, {run.Epochs} epochs, {ModelSummary.Number(run.Steps)} steps");
        foreach (var text in (string?[])[run.Failure, run.Verdict])
        {
            if (text is not null)
                terminal.Line(text);
        }
        Section(terminal, "Results", run.Results);
        PrintCurve(terminal, store, run);
        Section(terminal, "Settings", about.Settings);
        Section(terminal, "Tags", about.Tags);
        Section(terminal, "Environment", run.Environment);
        terminal.Heading("Data and model");
        terminal.Line($"  fingerprint  {about.Fingerprint}");
        terminal.Line($"  parameters   {ModelSummary.Number(about.Parameters)}");
        if (store.Findings(run.Id) is { Count: > 0 } findings)
            DoctorReport.Print(terminal, findings, options: null);
        if (store.Artefacts(run.Id) is { Count: > 0 } files)
        {
            terminal.Heading("Files");
            foreach (var file in files)
                terminal.Line($"  {file.Kind,-8} {ModelSummary.Number(file.Size),11} bytes  {file.Path}{(File.Exists(file.Path) ? "" : "  (gone)")}");
        }
        if (about.Command is { } command)
        {
            terminal.Heading("Again");
            terminal.Line($"  {command}");
        }
    }

    private static void Section(Terminal terminal, string heading, IReadOnlyDictionary<string, RunValue> values)
    {
        if (values.Count == 0)
            return;
        terminal.Heading(heading);
        var width = values.Keys.Max(k => k.Length);
        foreach (var (name, value) in values)
            terminal.Line($"  {name.PadRight(width)}  {(heading == "Environment" ? value.Text : RunText.Short(value))}");
    }

    /// <summary>Loss by epoch, or by step where there are no two epochs.</summary>
    private static void PrintCurve(Terminal terminal, RunStore store, RunInfo run)
    {
        var isAscii = terminal.IsInteractive && !terminal.Ansi.Profile.Capabilities.Unicode;
        var width = Math.Clamp(terminal.Ansi.Profile.Width - 1, 30, ChartWidth);
        var epochs = store.Epochs(run.Id);
        var key = epochs.Count > 0 && !epochs[0].Training.ContainsKey(RunRecorder.Loss) && epochs[0].Training.Count > 0 ? epochs[0].Training.Keys.First() : RunRecorder.Loss;
        double[] training = [.. epochs.Select(e => e.Training.GetValueOrDefault(key, double.NaN))];
        if (training.Count(double.IsFinite) >= 2)
        {
            var series = new List<ChartSeries> { new("training", training) };
            if (epochs.Any(e => e.Validation?.ContainsKey(key) == true))
                series.Add(new("validation", [.. epochs.Select(e => e.Validation?.GetValueOrDefault(key, double.NaN) ?? double.NaN)]));
            // Epochs are counted from the first that is shown; one before it cannot be marked.
            var best = run.BestEpoch - epochs[0].Epoch + 1;
            Draw(terminal, TerminalChart.LearningCurves(key, series, width, ChartHeight, best >= 1 ? best : null, asciiOnly: isAscii));
            return;
        }
        var steps = store.Steps(run.Id, RunRecorder.Loss);
        var stride = 1 + (steps.Count / MostPoints);
        StepValue[] shown = [.. steps.Where((s, i) => i % stride == 0 && double.IsFinite(s.Value))];
        if (shown.Length >= 2)
            Draw(terminal, TerminalChart.Function("step", RunRecorder.Loss, [new("training", [.. shown.Select(s => (double)s.Step)], [.. shown.Select(s => s.Value)])], width, ChartHeight, asciiOnly: isAscii));
    }

    private static void Draw(Terminal terminal, IEnumerable<string> lines)
    {
        terminal.Heading("Curve");
        foreach (var line in lines)
            terminal.Line(line);
    }
}
