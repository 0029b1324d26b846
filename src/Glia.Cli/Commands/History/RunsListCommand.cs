using System.CommandLine;
using System.Globalization;
using Glia.Cli.Output;
using Glia.Runs;
using Spectre.Console;

namespace Glia.Cli.Commands.History;

/// <summary><c>glia runs list</c>: many trainings on a line each.</summary>
internal static class RunsListCommand
{
    private const int DefaultLimit = 20;

    /// <summary>In a file or pipe, where lines have no end.</summary>
    private const int PlainWidth = 200;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var state = CommonOptions.Choice<RunState>("--state", "Only runs in this state.");
        var data = new Option<string?>("--data") { Description = "Only runs on this data, by the name that was given or by fingerprint.", HelpName = "name" };
        var where = new Option<string[]>("--where", "-w") { Description = "Only runs for which this holds, such as \"val_loss<0.3\" or \"optimizer=AdamW\"; ~ asks whether a text contains another. Can be given several times.", HelpName = "condition" };
        var sort = new Option<string?>("--sort") { Description = "Sort by this value, from small to large; by default by time, the newest first.", HelpName = "name" };
        var reverse = new Option<bool>("--reverse", "-r") { Description = "Turn the order round." };
        var limit = CommonOptions.Number("--limit", "-n", $"The most runs to list; {DefaultLimit} by default.", "n", 1);
        var all = new Option<bool>("--all", "-a") { Description = "List all runs, however many." };
        var store = StoreLocation.Option();
        var json = CommonOptions.Json();
        var csv = new Option<bool>("--csv") { Description = "Print CSV instead of a table, with all results and settings." };
        var command = new HelpfulCommand(
            "list",
            "List the recorded trainings.",
            """
              glia runs list
              glia runs list --data digits --where "test_accuracy>=0.98" --where "optimizer=AdamW"
              glia runs list --state interrupted
              glia runs list --sort val_loss --limit 5
              glia runs list --all --csv > runs.csv
            """)
        { state, data, where, sort, reverse, limit, all, store, json, csv };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
                result.AddError("--json and --csv exclude each other. Leave one out.");
        });
        command.SetAction(parsed =>
        {
            var query = new RunQuery
            {
                State = parsed.GetValue(state),
                Data = parsed.GetValue(data),
                Conditions = [.. (parsed.GetValue(where) ?? []).Select(RunCondition.Parse)],
                Sort = parsed.GetValue(sort),
                IsReversed = parsed.GetValue(reverse),
                Limit = parsed.GetValue(all) ? null : parsed.GetValue(limit) ?? DefaultLimit,
            };
            using var opened = StoreLocation.OpenRead(parsed.GetValue(store));
            var runs = opened?.List(query) ?? [];
            if (parsed.GetValue(json))
                output.WriteLine(RunText.Json(runs));
            else if (parsed.GetValue(csv))
                output.Write(ToCsv(runs));
            else
                Print(new Terminal(output, error, json: false, quiet: false), runs, query, opened);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(Terminal terminal, IReadOnlyList<RunInfo> runs, RunQuery query, RunStore? store)
    {
        if (runs.Count == 0)
        {
            terminal.Line(store is null || query == new RunQuery { Conditions = query.Conditions, Limit = query.Limit } && query.Conditions.Count == 0
                ? $"No run was recorded yet. '{CommandLine.Name} train' records every training."
                : "No run is like that.");
            return;
        }
        if (!terminal.IsInteractive)
            terminal.Ansi.Profile.Width = PlainWidth;
        var table = new Spectre.Console.Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("id").NoWrap()).AddColumns("name", "data", "family");
        table.AddColumn(new TableColumn("state").NoWrap()).AddColumn(new TableColumn("epochs").RightAligned().NoWrap()).AddColumns("result", "when");
        foreach (var run in runs)
        {
            string[] cells =
            [
                run.Id, run.Description.Name, run.Description.Data, run.Description.Family, RunText.Of(run.State), run.Epochs.ToString(CultureInfo.InvariantCulture), RunText.Measure(run),
                RunText.Local(run.Started),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }
        terminal.Ansi.Write(table);
        if (runs.Count == query.Limit)
            terminal.Line($"The first {runs.Count}; --all lists all of them.");
    }

    private static string ToCsv(IReadOnlyList<RunInfo> runs)
    {
        string[] results = [.. runs.SelectMany(r => r.Results.Keys).Distinct().Order(StringComparer.Ordinal)];
        string[] settings = [.. runs.SelectMany(r => r.Description.Settings.Keys).Distinct().Except(results).Order(StringComparer.Ordinal)];
        using var text = new StringWriter();
        Write(["id", "name", "data", "family", "state", "epochs", "steps", "seed", "parameters", "started", "ended", "command", .. results, .. settings]);
        foreach (var run in runs)
        {
            var about = run.Description;
            Write(
            [
                run.Id, about.Name, about.Data, about.Family, RunText.Of(run.State), run.Epochs.ToString(CultureInfo.InvariantCulture), run.Steps.ToString(CultureInfo.InvariantCulture),
                about.Seed.ToString(CultureInfo.InvariantCulture), about.Parameters.ToString(CultureInfo.InvariantCulture), RunText.Iso(run.Started), RunText.Iso(run.Ended), about.Command ?? "",
                .. results.Select(n => Value(run.Results, n)), .. settings.Select(n => Value(about.Settings, n)),
            ]);
        }
        return text.ToString();

        void Write(IEnumerable<string> fields) => text.Write(string.Join(',', fields.Select(CsvText.Quote)) + "\n");

        static string Value(IReadOnlyDictionary<string, RunValue> values, string name) => values.TryGetValue(name, out var value) ? value.Text : "";
    }
}
