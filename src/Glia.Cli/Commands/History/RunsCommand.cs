using System.CommandLine;

namespace Glia.Cli.Commands.History;

/// <summary><c>glia runs</c>: the history of trainings.</summary>
internal static class RunsCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new HelpfulCommand(
            "runs",
            "Look at the history of trainings: every 'glia train' is recorded in a run store.",
            """
              glia runs list --where "val_loss<0.3"
              glia runs show last
              glia runs compare 3f2a 81c0
              glia runs export last --format csv --out run.csv
              glia runs delete 3f2a
            """);
        command.Add(RunsListCommand.Create(output, error));
        command.Add(RunsShowCommand.Create(output, error));
        command.Add(RunsCompareCommand.Create(output, error));
        command.Add(RunsDeleteCommand.Create(output, error));
        command.Add(RunsExportCommand.Create(output, error));
        return command;
    }

    /// <summary>Which run is meant.</summary>
    public static Argument<string> Run() => new("run") { Description = "The id of a run, the first digits of it, its folder, or 'last' for the newest." };
}
