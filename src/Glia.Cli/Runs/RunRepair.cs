using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Commands.Tune;
using Glia.Cli.Output;
using Glia.Diagnostics;
using Glia.Training;

namespace Glia.Cli.Runs;

/// <summary>Trains a run again with what the doctor advises, looks again, and so on while something is found.</summary>
internal static class RunRepair
{
    private const int MostRounds = 3;

    public static int Run(SavedRun sick, string? folder, Terminal terminal)
    {
        var (run, rounds) = (sick, new List<(string Change, SavedRun Run)>());
        var exitCode = ExitCode.Success;
        while (rounds.Count < MostRounds && exitCode == ExitCode.Success && FirstRemedy(run) is { } remedy)
        {
            terminal.Heading($"Round {rounds.Count + 1}: {remedy.Advice}");
            var arguments = TrainArguments.With(run.Options.Arguments, remedy.Option!);
            terminal.Line($"  {TrainArguments.Line(run.Options.Data, arguments)}");
            var place = folder is null ? null : rounds.Count == 0 ? folder : FormattableString.Invariant($"{folder}-{rounds.Count + 1}");
            (exitCode, run) = TrainAgain(run, arguments, place, terminal);
            rounds.Add((remedy.Option!, run));
        }
        Tell(sick, rounds, terminal);
        return exitCode == ExitCode.Diverged ? ExitCode.Success : exitCode;
    }

    /// <summary>The remedy of the worst finding that an option of training can apply, and that would change something.</summary>
    private static Remedy? FirstRemedy(SavedRun run) => TrainingDoctor.Examine(run.Record).Select(f => f.Remedy)
        .FirstOrDefault(r => r.Option is { } option && !TrainArguments.With(run.Options.Arguments, option).ToHashSet().SetEquals(run.Options.Arguments));

    private static (int ExitCode, SavedRun Run) TrainAgain(SavedRun run, IReadOnlyList<(string Name, string Value)> arguments, string? folder, Terminal terminal)
    {
        folder ??= RunFolder.Unused(Path.Combine("runs", RunFolder.FileSafe(Path.GetFileName(run.Options.Data))));
        var options = TrainArguments.Parse(run.Options.Data, arguments) with { Out = folder };
        var exitCode = ExitCode.Success;
        try
        {
            // Only the comparison at the end is of interest here.
            exitCode = TrainCommand.Run(options, new Terminal(TextWriter.Null, terminal.Error, json: false, quiet: true));
        }
        catch (TrainingDivergedException)
        {
            // It is sick still; its record is saved, and tells the next remedy.
        }
        return (exitCode, SavedRun.Open(folder));
    }

    private static void Tell(SavedRun sick, List<(string Change, SavedRun Run)> rounds, Terminal terminal)
    {
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(new JsonObject
            {
                ["examined"] = sick.Path,
                ["before"] = ToJson(sick),
                ["rounds"] = new JsonArray([.. rounds.Select(r => ToJson(r.Run, r.Change))]),
            }));
            return;
        }
        if (rounds.Count == 0)
        {
            terminal.Line("There is nothing that an option of training could mend.");
            DoctorReport.Print(terminal, TrainingDoctor.Examine(sick.Record), sick.Options);
            return;
        }
        terminal.Heading("Loss on the held-out test part");
        terminal.Line($"  {Text(sick.TestLoss),-12} before: {Symptoms(sick)}");
        foreach (var (change, run) in rounds)
            terminal.Line($"  {Text(run.TestLoss),-12} {change}: {Symptoms(run)} ({run.Path})");
        if (terminal.Quiet)
            terminal.Out.WriteLine(rounds.Select(r => r.Run).MinBy(r => r.TestLoss ?? double.PositiveInfinity)!.Path);
    }

    private static JsonObject ToJson(SavedRun run, string? change = null) => new()
    {
        ["folder"] = run.Path,
        ["change"] = change,
        ["testLoss"] = run.TestLoss is { } loss ? RunSummary.Finite(loss) : null,
        ["findings"] = DoctorReport.ToJson(TrainingDoctor.Examine(run.Record)),
    };

    private static string Text(double? loss) => loss is { } value ? value.ToString("G4", CultureInfo.InvariantCulture) : "diverged";

    private static string Symptoms(SavedRun run) => TrainingDoctor.Examine(run.Record) is { Count: > 0 } found ? string.Join(", ", found.Select(f => f.Summary)) : "nothing found";
}
