using System.CommandLine;

namespace Glia.Cli.Commands.Tune;

/// <summary><c>glia tune</c>: settings of training, searched.</summary>
internal static class TuneCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new HelpfulCommand(
            "tune",
            "Search settings of training.",
            """
              glia tune rate iris
              glia tune search space.yaml
            """);
        command.Add(TuneRateCommand.Create(output, error));
        command.Add(TuneSearchCommand.Create(output, error));
        return command;
    }
}
