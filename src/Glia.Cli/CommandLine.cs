using System.CommandLine;
using System.CommandLine.Parsing;
using Glia.Cli.Commands;
using Glia.Cli.Commands.History;
using Glia.Cli.Commands.Tune;
using Glia.Data;
using Glia.Training;

namespace Glia.Cli;

/// <summary>The program: its commands, and how failures become one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>How the user started the program; a launcher script says it.</summary>
    public static string Name { get; } = Environment.GetEnvironmentVariable("GLIA_COMMAND") ?? "glia";

    public static int Run(string[] args) => Run(args, Console.Out, Console.Error);

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var command = default(string);
        try
        {
            var root = CreateRoot(output, error);
            // A name that begins with @ is a name, not a file of arguments.
            var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            command = parsed.CommandResult.Command.Name;
            if (parsed.Errors.Count > 0)
                throw new UserException(Explain(parsed));
            // Ctrl-C is the commands' own affair: training ends after the current step and saves.
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e)
        {
            Interrupt.WaitIfAborting();
            return Report(e, command, error);
        }
    }

    /// <summary>Which of the failures that can be foreseen this is; anything else is a defect and shows where it came from.</summary>
    internal static int Report(Exception e, string? command, TextWriter error)
    {
        switch (e)
        {
            case TrainingDivergedException:
                error.WriteLine($"glia: {e.Message}");
                return ExitCode.Diverged;
            case IOException { HResult: BrokenPipe }:
                return ExitCode.Success;
            case UserException or DataFormatException or FormatException or IOException or UnauthorizedAccessException or ShapeException:
                error.WriteLine($"glia: {OneLine(e.Message)}");
                return ExitCode.BadInput;
            case OutOfMemoryException:
                error.WriteLine($"glia: there is not enough memory. {command switch
                {
                    "train" or "rate" => "Use a smaller --batch-size, a smaller network, or less data.",
                    "filter" => "Use a smaller picture, or a smaller kernel.",
                    _ => "Use less data, or a smaller model.",
                }}");
                return ExitCode.BadInput;
            default:
                error.WriteLine($"glia: internal error, please report it: {e}");
                return ExitCode.InternalError;
        }
    }

    /// <summary>EPIPE: the reader of our output (such as <c>head</c>) has left, which is no failure.</summary>
    private const int BrokenPipe = 32;

    private static RootCommand CreateRoot(TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Glia: neural networks for .NET in pure C#.");
        HelpfulCommand.AddExamples(root, """
            Examples:
              glia train digits                          a convolutional network on handwritten digits
              glia train iris                            a multi-layer perceptron on a table
              glia train houses.csv --target price       your own table: task and preprocessing are found
              glia train book.txt                        a language model that writes texts of its own
              glia tune search space.yaml                the best of many settings
              glia predict runs/houses new.csv           what the trained model makes of new data
              glia runs list                             all trainings, with their results

            Exit codes: 0 done; 2 the input is at fault; 3 training diverged; 130 stopped by Ctrl-C, with the best weights saved.
            """);
        root.Add(TrainCommand.Create(output, error));
        root.Add(TuneCommand.Create(output, error));
        root.Add(DoctorCommand.Create(output, error));
        root.Add(PredictCommand.Create(output, error));
        root.Add(EvaluateCommand.Create(output, error));
        root.Add(RunsCommand.Create(output, error));
        root.Add(GenerateCommand.Create(output, error));
        root.Add(SummaryCommand.Create(output, error));
        root.Add(InspectCommand.Create(output, error));
        root.Add(ImportCommand.Create(output, error));
        root.Add(FilterCommand.Create(output, error));
        root.Add(PlotCommand.Create(output, error));
        root.Add(ReportCommand.Create(output, error));
        root.Add(DatasetsCommand.Create(output, error));
        return root;
    }

    private static string Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = string.Concat(PathOf(parsed.CommandResult).Select(name => name + " "));
        var hint = $"Type '{Name} {path}--help' for help.";
        var hasCommands = command.Subcommands.Count > 0;
        if (parsed.UnmatchedTokens is not [var unknown, ..])
            return hasCommands ? $"no command was given{(path.Length > 0 ? $" after '{path.TrimEnd()}'" : "")}; the commands are: {ClosestName.List([.. command.Subcommands.Select(c => c.Name)])}. {hint}" : $"{parsed.Errors[0].Message} {hint}";
        if (hasCommands && !unknown.StartsWith('-'))
            return $"{ClosestName.Explain("command", "commands", unknown, [.. command.Subcommands.Select(c => c.Name)])} {hint}";
        return unknown.StartsWith('-')
            ? $"{ClosestName.Explain("option", "options", unknown, [.. command.Options.Select(o => o.Name)])} {hint}"
            : $"'{unknown}' is one argument too many. {hint}";
    }

    /// <summary>The names of a command and of those above it, but for the program.</summary>
    private static IEnumerable<string> PathOf(SymbolResult? result) => result is CommandResult { Command: not RootCommand } command
        ? PathOf(command.Parent).Append(command.Command.Name)
        : [];

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
