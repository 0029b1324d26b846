using System.CommandLine;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using Glia.Runs;

namespace Glia.Cli.Commands.History;

/// <summary><c>glia runs delete</c>: forgets trainings, and on request removes what they left.</summary>
internal static class RunsDeleteCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var runs = new Argument<string[]>("runs") { Description = "Runs: ids, first digits of ids, folders, or 'last'.", Arity = ArgumentArity.OneOrMore };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var files = new Option<bool>("--files") { Description = "Also remove the run folders, but for what was changed or added there." };
        var store = StoreLocation.Option();
        var command = new HelpfulCommand(
            "delete",
            "Delete the records of trainings. Asks before; a run that is being trained is refused.",
            """
              glia runs delete 3f2a
              glia runs delete 3f2a 81c0 --files --yes
            """)
        { runs, yes, files, store };
        command.SetAction(parsed =>
        {
            using var opened = StoreLocation.Require(parsed.GetValue(store));
            var terminal = new Terminal(output, error, json: false, quiet: false);
            // All are looked up first, so that a wrong name deletes nothing.
            RunInfo[] found = [.. parsed.GetRequiredValue(runs).Select(opened.Find).DistinctBy(r => r.Id)];
            if (found.FirstOrDefault(r => r.State == RunState.Running) is { } running)
                throw new UserException($"The run {running.Id} is being trained. Stop it before it is deleted.");
            if (!parsed.GetValue(yes) && !IsConfirmed(terminal, found, parsed.GetValue(files)))
                return ExitCode.Success;
            foreach (var run in found)
            {
                var folder = parsed.GetValue(files) ? RunFiles.Remove(run, opened.Artefacts(run.Id)) : "";
                opened.Delete(run.Id);
                terminal.Line($"deleted {run.Id} {run.Description.Name}{folder}");
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static bool IsConfirmed(Terminal terminal, RunInfo[] runs, bool files)
    {
        var what = $"{string.Join(", ", runs.Select(r => $"{r.Id} ({r.Description.Name})"))}{(files ? " and what they left in their folders" : "")}";
        if (!terminal.IsInteractive || Console.IsInputRedirected)
            throw new UserException($"Nobody is there to be asked whether to delete {what}. Add --yes.");
        terminal.Line($"Delete {what}? [y/N]");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
