using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Glia.Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class HelpfulCommand(string name, string description, string examples) : Command(name, description)
{
    public string Examples => examples;

    /// <summary>Appends the examples of a command, or of the program, to its help.</summary>
    public static void AddExamples(RootCommand root, string examples)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!, examples);
    }

    private sealed class HelpWithExamples(SynchronousCommandLineAction help, string rootExamples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = help.Invoke(parseResult);
            var text = parseResult.CommandResult.Command is HelpfulCommand command ? "Examples:\n" + command.Examples : rootExamples;
            parseResult.InvocationConfiguration.Output.WriteLine(text);
            return result;
        }
    }
}
