using System.Globalization;
using Glia.Cli.Commands.Tune;
using Glia.Data;
using YamlDotNet.RepresentationModel;

namespace Glia.Cli.Tuning;

/// <summary>Reads a search file: which data, how to search, and over what.</summary>
internal sealed class SearchFile(string path)
{
    private static readonly string[] Keys =
        ["data", "method", "trials", "budget", "minimum", "reduction", "folds", "time-limit", "jobs", "seed", "options", "parameters"];

    public static SearchSettings Read(string path) => new SearchFile(path).Read(YamlFile.Read(path));

    /// <summary>A time such as 90s, 10m, 1.5h.</summary>
    public static TimeSpan? ParseTime(string text)
    {
        var seconds = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return seconds > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number * seconds < 1e6
            ? TimeSpan.FromSeconds(number * seconds)
            : null;
    }

    private SearchSettings Read(YamlMappingNode root)
    {
        var settings = new SearchSettings { Path = path };
        foreach (var (key, node) in Entries(root))
        {
            settings = key switch
            {
                "data" => settings with { Data = Text(key, node) },
                "method" => settings with { Method = Method(node) },
                "trials" when Text(key, node) == "grid" => settings with { HalvesGrid = true },
                "trials" => settings with { Trials = Whole(key, node, 1) },
                "budget" => settings with { Budget = Whole(key, node, 1) },
                "minimum" => settings with { Minimum = Whole(key, node, 1) },
                "reduction" => settings with { Reduction = Whole(key, node, 2) },
                "folds" => settings with { Folds = Whole(key, node, 1) },
                "jobs" => settings with { Jobs = Whole(key, node, 1) },
                "seed" => settings with { Seed = (ulong)Whole(key, node, 0) },
                "time-limit" => settings with { TimeLimit = ParseTime(Text(key, node)) ?? throw Error(node, $"'time-limit' expects a time such as 90s, 10m or 2h, but got '{Text(key, node)}'.") },
                "options" => settings with { Options = [.. Entries(Mapping(key, node)).Select(e => Option(e.Key, e.Node))] },
                "parameters" => settings with { Parameters = [.. Entries(Mapping(key, node)).Select(e => Parameter(e.Key, e.Node))] },
                _ => throw Error(node, ClosestName.Explain("key", "keys", key, Keys)),
            };
        }
        if (settings.Parameters.Count == 0)
            throw new UserException($"{path}: there is nothing to search. Give 'parameters', such as 'learning-rate: {{ from: 0.0001, to: 0.1, scale: log }}'.");
        if (settings.Parameters.Select(p => p.Name).Intersect(settings.Options.Select(o => o.Name)).FirstOrDefault() is { } both)
            throw new UserException($"{path}: '{both}' stands under 'options' and under 'parameters'. Leave one of them out.");
        return settings;
    }

    private (string Name, string Value) Option(string name, YamlNode node)
    {
        RequireOption(name, node, TrainArguments.All.Keys);
        var value = Value(name, node);
        Try(node, name, value);
        return (name, value);
    }

    private ParameterSettings Parameter(string name, YamlNode node)
    {
        if (TrainArguments.All.ContainsKey(name) && !TrainArguments.Searchable.Contains(name))
            throw Error(node, $"'{name}' says what the data are, which must be the same for all trials. Put it under 'options'.");
        RequireOption(name, node, TrainArguments.Searchable);
        switch (node)
        {
            case YamlSequenceNode { Children.Count: > 0 } list:
                string[] choices = [.. list.Children.Select(child => Value(name, child))];
                for (var i = 0; i < choices.Length; i++)
                {
                    Try(list.Children[i], name, choices[i]);
                    if (Array.IndexOf(choices, choices[i]) < i)
                        throw Error(list.Children[i], $"'{name}' has the value '{choices[i]}' twice.");
                }
                return new ParameterSettings(name, node.Start.Line) { Choices = choices };
            case YamlMappingNode range:
                return Range(name, range);
            default:
                throw Error(node, $"the parameter '{name}' expects a list of values, such as [16, 32], or a range, such as {{ from: 0.001, to: 0.1, scale: log }}.");
        }
    }

    private ParameterSettings Range(string name, YamlMappingNode node)
    {
        var type = TrainArguments.All[name];
        var isWhole = type == typeof(int?) || type == typeof(ulong?) || type == typeof(int[]);
        // What else a rate may be, besides a number, cannot stand in a range.
        if (!isWhole && type != typeof(double?) && name != "learning-rate")
            throw Error(node, $"'{name}' has no numbers, so that it cannot have a range. Give a list of values.");
        double? from = null, to = null;
        var result = new ParameterSettings(name, node.Start.Line) { IsWhole = isWhole };
        foreach (var (key, value) in Entries(node))
        {
            switch (key)
            {
                case "from":
                    from = Number(name, key, value, isWhole);
                    break;
                case "to":
                    to = Number(name, key, value, isWhole);
                    break;
                case "scale":
                    var scale = Text(key, value);
                    if (scale is not ("log" or "linear"))
                        throw Error(value, $"the 'scale' of '{name}' must be linear or log but is '{scale}'.");
                    result = result with { IsLogarithmic = scale == "log" };
                    break;
                case "steps":
                    result = result with { Steps = Whole(key, value, 1) };
                    break;
                default:
                    throw Error(value, ClosestName.Explain("key", $"keys of the range '{name}'", key, ["from", "to", "scale", "steps"]));
            }
        }
        if (from is null || to is null || !(from < to))
            throw Error(node, $"the range '{name}' expects a smaller 'from' and a larger 'to'.");
        if (result.IsLogarithmic && from <= 0)
            throw Error(node, $"the range '{name}' has a logarithmic scale, so 'from' must be above 0.");
        foreach (var end in new[] { from.Value, to.Value })
            Try(node, name, end.ToString("R", CultureInfo.InvariantCulture));
        return result with { From = from.Value, To = to.Value };
    }

    private void RequireOption(string name, YamlNode node, IEnumerable<string> names)
    {
        if (!names.Contains(name))
            throw Error(node, ClosestName.Explain("option of training", "options", name, [.. names]));
    }

    /// <summary>Whether training would take the value.</summary>
    private void Try(YamlNode node, string name, string value)
    {
        try
        {
            if (TrainArguments.Parse("digits", [(name, value)]).TunesLearningRate)
                throw new UserException("a search tries learning rates itself, so 'auto' means nothing in it. Give a list or a range.");
        }
        catch (UserException e)
        {
            throw Error(node, e.Message);
        }
    }

    /// <summary>A value as it would stand on the command line; sizes may be a list.</summary>
    private string Value(string name, YamlNode node) => node is YamlSequenceNode { Children.Count: > 0 } sizes && TrainArguments.All[name] == typeof(int[])
        ? string.Join(',', sizes.Children.Select(size => Text(name, size)))
        : Text(name, node);

    private SearchKind Method(YamlNode node) => Text("method", node) switch
    {
        "random" => SearchKind.Random,
        "grid" => SearchKind.Grid,
        "asha" => SearchKind.Asha,
        var other => throw Error(node, $"'method' must be random, grid or asha but is '{other}'."),
    };

    private double Number(string name, string key, YamlNode node, bool isWhole)
    {
        var text = Text(key, node);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && (!isWhole || (value == Math.Floor(value) && Math.Abs(value) < int.MaxValue)))
            return value;
        throw Error(node, $"'{key}' of the range '{name}' must be {(isWhole ? "a whole number" : "a number")} but is '{text}'.");
    }

    private int Whole(string key, YamlNode node, int least)
    {
        var text = Text(key, node);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw Error(node, $"'{key}' must be a whole number of at least {least} but is '{text}'.");
    }

    private string Text(string key, YamlNode node) => node is YamlScalarNode { Value: { Length: > 0 } text }
        ? text
        : throw Error(node, $"'{key}' expects one value.");

    private YamlMappingNode Mapping(string key, YamlNode node) => node as YamlMappingNode ?? throw Error(node, $"'{key}' expects names with values below it.");

    private IEnumerable<(string Key, YamlNode Node)> Entries(YamlMappingNode mapping)
    {
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name })
                throw Error(key, "a key must be a word.");
            yield return (name, value);
        }
    }

    private UserException Error(YamlNode node, string message) => YamlFile.Error(path, node.Start.Line, message);
}
