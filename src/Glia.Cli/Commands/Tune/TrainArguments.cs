using System.CommandLine;

namespace Glia.Cli.Commands.Tune;

/// <summary>The options of <c>glia train</c> as names and texts: what can be searched, and what a choice of values means.</summary>
internal static class TrainArguments
{
    private static readonly string[] NotForSearch = ["out", "resume", "checkpoint-every", "keep-checkpoints", "json", "quiet", "help", .. RecordOptions.Names];
    private static readonly string[] OfTheData = ["target", "series", "horizon", "lookback", "season", "window"];

    /// <summary>Option names, without dashes, and the types of their values.</summary>
    public static IReadOnlyDictionary<string, Type> All { get; } = TrainCommand.Create((_, _, _) => 0).Options
        .Where(option => !NotForSearch.Contains(option.Name.TrimStart('-')))
        .ToDictionary(option => option.Name.TrimStart('-'), option => option.ValueType, StringComparer.Ordinal);

    /// <summary>Those whose values a search may vary: the data stay the same.</summary>
    public static IReadOnlyList<string> Searchable { get; } = [.. All.Keys.Except(OfTheData)];

    /// <summary>What <c>glia train</c> would do.</summary>
    /// <exception cref="UserException">A value makes no sense.</exception>
    public static TrainOptions Parse(string data, IEnumerable<(string Name, string Value)> options)
    {
        TrainOptions? read = null;
        var command = TrainCommand.Create((found, _, _) =>
        {
            read = found;
            return 0;
        });
        var parsed = command.Parse([.. options.Select(o => $"--{o.Name}={o.Value}"), "--", data], new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            throw new UserException(parsed.Errors[0].Message);
        parsed.Invoke();
        return read!;
    }

    /// <summary>The command line for people.</summary>
    public static string Line(string data, IEnumerable<(string Name, string Value)> options) =>
        $"{CommandLine.Name} train {TrainCommand.Quoted(data)}{string.Concat(options.Select(o => $" --{o.Name} {TrainCommand.Quoted(o.Value)}"))}";

    /// <summary>The arguments with an option, written <c>--name value</c>, added or in the place of what it had.</summary>
    public static IReadOnlyList<(string Name, string Value)> With(IReadOnlyList<(string Name, string Value)> arguments, string option)
    {
        var (name, value) = option.Split(' ', 2) is [var first, var second] ? (first.TrimStart('-'), second) : throw new ArgumentException($"'{option}' is no option with a value.");
        return [.. arguments.Where(a => a.Name != name), (name, value)];
    }
}
