using System.CommandLine;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Pictures;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Plots;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Commands;

/// <summary><c>glia plot</c>: pictures of a run, of several, or of a search.</summary>
internal static class PlotCommand
{
    private const string All = "all";
    private const string FolderName = "plots";
    private const int TerminalWidth = 100;
    private const int TerminalHeight = 24;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var words = new Argument<string[]>("run kind") { Description = "A run folder (several for curves), and last the kind of picture, or 'all'. Without a kind, the kinds and which of them the run has.", Arity = ArgumentArity.ZeroOrMore };
        var list = new Option<bool>("--list") { Description = "List the kinds; with a run, whether it has what each needs." };
        var file = new Option<string?>("--out", "-o") { Description = "The file to write, .svg or .png, or for 'all' the folder; by default an SVG in the folder 'plots' of the run.", HelpName = "file" };
        var png = new Option<bool>("--png") { Description = "Write PNG rather than SVG where --out names no file." };
        var terminal = new Option<bool>("--terminal") { Description = "Draw in the terminal; no file is written unless --out is given." };
        var smooth = CommonOptions.Number("--smooth", null, "Curves: the weight of the past in a moving average, from 0 to below 1.", "weight", 0.0);
        var logY = new Option<bool>("--log-y") { Description = "Curves: a logarithmic y axis." };
        var logX = new Option<bool>("--log-x") { Description = "Curves: a logarithmic x axis." };
        var part = CommonOptions.Choice<CurvePart>("--part", "Curves: of the training or the validation part, or both; both of one run, validation of several by default.");
        var layer = new Option<string?>("--layer") { Description = "The layer to look at, by its name in 'glia summary'.", HelpName = "name" };
        var sample = CommonOptions.Number("--sample", null, "Which held-out sample to look at, from 0.", "n", 0);
        var channel = CommonOptions.Number("--channel", null, "Which channel or filter of the layer to look at, from 0.", "n", 0);
        var classOf = new Option<string?>("--class") { Description = "The class to look for, by its name or its number from 0; the predicted one by default.", HelpName = "class" };
        var columns = new Option<string?>("--columns") { Description = "For 'boundary': the two columns of the plane; those that separate the classes best by default.", HelpName = "x,y" };
        var data = new Option<string?>("--data") { Description = "The data to look at; by default the held-out part of those that the model was trained on.", HelpName = "data" };
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "plot",
            "Draw a picture of a run, of several runs, or of a search.",
            """
              glia plot --list
              glia plot runs/digits
              glia plot runs/digits grad-cam --out digits.png
              glia plot runs/a runs/b loss --smooth 0.9 --log-y
              glia plot runs/iris boundary --columns petal_length,petal_width
              glia plot runs/digits confusion --terminal
            """)
        { words, list, file, png, terminal, smooth, logY, logX, part, layer, sample, channel, classOf, columns, data, json };
        command.SetAction(parsed =>
        {
            var weight = parsed.GetValue(smooth) ?? 0;
            if (weight >= 1)
                throw new UserException($"--smooth must be a weight from 0 to below 1 but is '{FormattableString.Invariant($"{weight}")}'.");
            var options = new PlotOptions
            {
                Smooth = weight,
                LogY = parsed.GetValue(logY),
                LogX = parsed.GetValue(logX),
                Part = parsed.GetValue(part),
                Layer = parsed.GetValue(layer),
                Sample = parsed.GetValue(sample),
                Channel = parsed.GetValue(channel),
                Class = parsed.GetValue(classOf),
                Columns = parsed.GetValue(columns)?.Split(',', StringSplitOptions.TrimEntries),
                Data = parsed.GetValue(data),
            };
            var (runs, kind) = Split(parsed.GetValue(words) ?? [], parsed.GetValue(list));
            var target = new Terminal(output, error, parsed.GetValue(json), quiet: false);
            if (kind is null)
                return PlotList.Print(target, runs);
            return kind == All ? DrawAll(runs, options, parsed.GetValue(file), parsed.GetValue(png), target)
                : Draw(runs, PlotKinds.Find(kind), options, (parsed.GetValue(file), parsed.GetValue(png), parsed.GetValue(terminal)), target);
        });
        return command;
    }

    /// <summary>The runs, and the kind of picture in the end; null for the list of kinds.</summary>
    private static (string[] Runs, string? Kind) Split(string[] words, bool isList)
    {
        if (isList || words.Length == 0 || (words.Length == 1 && Path.Exists(words[0])))
        {
            return words.Length == 0 && !isList ? throw new UserException($"Which run, and which picture? Type '{CommandLine.Name} plot --list' for the kinds, or '{CommandLine.Name} plot --help'.")
                : (words, null);
        }
        if (words.Length == 1)
        {
            return PlotKinds.IsKind(words[0]) || words[0] == All ? throw new UserException($"Of which run? Give its folder before '{words[0]}'.") : throw new UserException(PlotSourceError(words[0]));
        }
        return (words[..^1], words[^1]);
    }

    private static string PlotSourceError(string path) => $"There is no run '{path}'. Give the folder of a run or of a search, or a model file, and then the kind of picture.";

    private static int Draw(string[] paths, PlotKind kind, PlotOptions options, (string? File, bool IsPng, bool IsTerminal) wanted, Terminal terminal)
    {
        var (file, isTerminal) = (wanted.File, wanted.IsTerminal);
        var extension = Path.GetExtension(file)?.ToLowerInvariant();
        if (file is not null && extension is not (".svg" or ".png"))
            throw new UserException($"--out must be a file that ends in .svg or .png but is '{file}'.");
        if (paths.Length > 1 && !kind.TakesSeveral)
            throw new UserException($"'{kind.Name}' is a picture of one run, but got {paths.Length}. Pictures of several: {ClosestName.List([.. PlotKinds.All.Where(k => k.TakesSeveral).Select(k => k.Name)])}.");
        PlotSource[] runs = [.. paths.Select(PlotSource.Open)];
        foreach (var run in runs)
        {
            if (kind.Missing(run) is { } missing)
                throw new UserException($"'{run.Path}': '{kind.Name}' needs {missing}. '{CommandLine.Name} plot {TrainCommand.Quoted(run.Path)}' lists what can be drawn.");
        }
        var chart = Drawn(kind, runs, options);
        if (isTerminal && !terminal.Json)
            Print(chart, terminal);
        if (isTerminal && file is null && !terminal.Json)
            return ExitCode.Success;
        file ??= Path.Combine(FolderFor(runs[0], null), kind.Name + (wanted.IsPng ? ".png" : ".svg"));
        Save(chart, file);
        Tell(terminal, [(kind.Name, file)], isTerminal);
        return ExitCode.Success;
    }

    private static int DrawAll(string[] paths, PlotOptions options, string? folder, bool isPng, Terminal terminal)
    {
        if (paths.Length > 1)
            throw new UserException($"'{All}' draws all pictures of one run, but got {paths.Length}.");
        var run = PlotSource.Open(paths[0]);
        var place = FolderFor(run, folder);
        var files = new List<(string, string)>();
        foreach (var kind in PlotKinds.All.Where(k => k.Missing(run) is null))
        {
            var file = Path.Combine(place, kind.Name + (isPng ? ".png" : ".svg"));
            Save(Drawn(kind, [run], options), file);
            files.Add((kind.Name, file));
        }
        if (files.Count == 0)
            throw new UserException($"'{run.Path}' holds nothing that can be drawn. Give the folder of a run or of a search, or a model file.");
        Tell(terminal, files, isShown: false);
        return ExitCode.Success;
    }

    /// <summary>What cannot be drawn, such as losses that are all infinite, is the run's fault and not a defect.</summary>
    private static Chart Drawn(PlotKind kind, PlotSource[] runs, PlotOptions options)
    {
        try
        {
            return kind.Draw(runs, options);
        }
        catch (ArgumentException e) when (e is not ShapeException)
        {
            throw new UserException($"'{runs[0].Path}': '{kind.Name}' cannot be drawn: {FailureReason.Said(e)}", e);
        }
    }

    private static void Print(Chart chart, Terminal terminal)
    {
        var isAscii = terminal.IsInteractive && !terminal.Ansi.Profile.Capabilities.Unicode;
        var width = Math.Clamp(terminal.Ansi.Profile.Width - 1, 50, TerminalWidth);
        foreach (var line in chart.ToText(width, TerminalHeight, isAscii))
            terminal.Line(line);
    }

    private static string FolderFor(PlotSource run, string? requested)
    {
        var folder = requested ?? Path.Combine(run.Folder, FolderName);
        try
        {
            Directory.CreateDirectory(folder);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot create the folder '{folder}': {FailureReason.Of(e, folder)}. Choose another place with --out.", e);
        }
    }

    private static void Save(Chart chart, string file)
    {
        try
        {
            if (file.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
                chart.SavePng(file);
            else
                chart.SaveSvg(file);
        }
        catch (Exception e) when (FailureReason.IsKnown(e))
        {
            var reason = Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))) ? FailureReason.Of(e, file) : "its folder does not exist";
            throw new UserException($"Cannot write '{file}': {reason}. Choose another place with --out.", e);
        }
    }

    private static void Tell(Terminal terminal, IReadOnlyList<(string Kind, string File)> files, bool isShown)
    {
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(new JsonArray([.. files.Select(f => (JsonNode)new JsonObject { ["kind"] = f.Kind, ["file"] = f.File })])));
            return;
        }
        if (isShown)
            terminal.Line();
        foreach (var (_, file) in files)
            terminal.Line(file);
    }
}
