using System.CommandLine;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using Glia.Runs;
using Spectre.Console;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Commands.History;

/// <summary><c>glia runs compare</c>: what differs between trainings, and what came of it.</summary>
internal static class RunsCompareCommand
{
    /// <summary>What is different in every run and says nothing.</summary>
    private static readonly string[] Uninteresting = ["process"];

    public static Command Create(TextWriter output, TextWriter error)
    {
        var runs = new Argument<string[]>("runs") { Description = "Two runs or more: ids, first digits of ids, folders, or 'last'.", Arity = new ArgumentArity(2, 100) };
        var store = StoreLocation.Option();
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "compare",
            "Compare trainings: the settings in which they differ, and their results side by side.",
            """
              glia runs compare 3f2a 81c0
              glia runs compare runs/first runs/second last --json
            """)
        { runs, store, json };
        command.SetAction(parsed =>
        {
            using var opened = StoreLocation.Require(parsed.GetValue(store));
            RunInfo[] found = [.. parsed.GetRequiredValue(runs).Select(opened.Find).DistinctBy(r => r.Id)];
            if (found.Length < 2)
                throw new UserException($"All of these are the run {found[0].Id}. Name another to compare it with.");
            var (differences, results) = (Rows(found, About, differing: true), Rows(found, r => r.Results, differing: false));
            if (parsed.GetValue(json))
                output.WriteLine(RunSummary.ToText(ToJson(found, differences, results)));
            else
                Print(new Terminal(output, error, json: false, quiet: false), found, differences, results);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(Terminal terminal, RunInfo[] runs, List<Row> differences, List<Row> results)
    {
        if (differences.Count == 0)
            terminal.Line("The runs differ in nothing that was recorded before their first step.");
        var table = new Spectre.Console.Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var run in runs)
            table.AddColumn(Markup.Escape($"{run.Id}\n{run.Description.Name}"));
        foreach (var row in differences)
            Add(row);
        if (differences.Count > 0 && results.Count > 0)
            table.AddEmptyRow();
        foreach (var row in results)
            Add(row);
        terminal.Ansi.Write(table);

        void Add(Row row) => table.AddRow([Markup.Escape(row.Name), .. row.Values.Select(v => Markup.Escape(v is { } value ? RunText.Short(value) : "–"))]);
    }

    private static JsonObject ToJson(RunInfo[] runs, List<Row> differences, List<Row> results)
    {
        return new JsonObject
        {
            ["runs"] = new JsonArray([.. runs.Select(r => (JsonNode)new JsonObject { ["id"] = r.Id, ["name"] = r.Description.Name })]),
            ["differences"] = Object(differences),
            ["results"] = Object(results),
        };

        JsonObject Object(List<Row> rows) => new(rows.Select(r => KeyValuePair.Create(r.Name, (JsonNode?)new JsonArray([.. r.Values.Select(Node)]))));

        static JsonNode? Node(RunValue? value) => value is not { } known ? null : known.Number is { } number && double.IsFinite(number) ? number : known.Text;
    }

    /// <summary>What is known of a run before its first step.</summary>
    private static Dictionary<string, RunValue> About(RunInfo run)
    {
        var about = run.Description;
        var values = new Dictionary<string, RunValue>(StringComparer.Ordinal)
        {
            ["data"] = about.Data,
            ["fingerprint"] = about.Fingerprint.Length > 12 ? about.Fingerprint[..12] + "…" : about.Fingerprint,
            ["family"] = about.Family,
            ["seed"] = about.Seed,
            ["parameters"] = about.Parameters,
        };
        foreach (var (name, value) in about.Settings.Concat(about.Tags).Concat(run.Environment).Where(v => !Uninteresting.Contains(v.Key)))
            values.TryAdd(name, value);
        return values;
    }

    private static List<Row> Rows(RunInfo[] runs, Func<RunInfo, IReadOnlyDictionary<string, RunValue>> valuesOf, bool differing)
    {
        var values = runs.Select(valuesOf).ToArray();
        return [.. values.SelectMany(v => v.Keys).Distinct()
            .Select(name => new Row(name, [.. values.Select(v => v.TryGetValue(name, out var value) ? value : default(RunValue?))]))
            .Where(row => !differing || row.Values.Distinct().Skip(1).Any())];
    }

    private sealed record Row(string Name, RunValue?[] Values);
}
