using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Plots;
using Glia.Training.Tuning;
using Spectre.Console;
using JsonNode = System.Text.Json.Nodes.JsonNode;
using Table = Spectre.Console.Table;

namespace Glia.Cli.Tuning;

/// <summary>What a search found, for people and for machines.</summary>
internal sealed class SearchReport(SearchPlan plan, SearchResult result, Problem problem, Evaluation test)
{
    private const int Shown = 10;

    private readonly IReadOnlyList<ParameterImportance> _importance = result.Importance();

    public SearchResult Result => result;

    /// <summary>The command line that trains the best model.</summary>
    public string BestLine => plan.LineOf(result.Best!);

    public IEnumerable<(string File, Chart Chart)> Charts
    {
        get
        {
            TrialRecord[] done = [.. result.Trials.Where(t => t.Failure is null)];
            ParallelAxis[] axes = [.. plan.Space.Parameters.Select(p => new ParallelAxis(p.Name, p.Low, p.High) { IsLogarithmic = p.IsLogarithmic, Categories = p.Choices })];
            yield return ("parallel-coordinates", Chart.ParallelCoordinates(
                $"{problem.Name}: {done.Length} trials", axes, [.. done.Select(t => Coordinates(t, axes))], "validation loss", [.. done.Select(t => t.Score)], lowerIsBetter: true));
            if (_importance.Count > 0)
            {
                yield return ("importance", Chart.Bars(
                    $"{problem.Name}: what the loss depends on", [.. _importance.Select(i => i.Name)], [.. _importance.Select(i => Math.Round(100 * i.Share, 1))], "share of the variance explained alone (%)"));
            }
            foreach (var chart in test.Charts(problem))
                yield return chart;
        }
    }

    /// <summary>The trials given, in a table.</summary>
    public static Table TableOf(SearchPlan plan, IEnumerable<TrialRecord> trials)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("trial").RightAligned());
        foreach (var parameter in plan.Space.Parameters)
            table.AddColumn(new TableColumn(Markup.Escape(parameter.Name)).RightAligned());
        table.AddColumn(new TableColumn("val loss").RightAligned());
        var measure = plan.Problem.Preparation.Measure;
        if (measure.Key != "loss")
            table.AddColumn(new TableColumn("val " + measure.Label).RightAligned());
        if (plan.HasRungs)
            table.AddColumn(new TableColumn(plan.Pass + "s").RightAligned());
        table.AddColumn(new TableColumn("steps").RightAligned());
        foreach (var trial in trials)
        {
            var last = trial.Last;
            List<string> cells = [Text(trial.Number), .. trial.Values, last.Score.ToString("F4", CultureInfo.InvariantCulture)];
            if (measure.Key != "loss")
                cells.Add((last.Metrics.GetValueOrDefault(measure.Key, double.NaN) * measure.Scale).ToString(measure.Format, CultureInfo.InvariantCulture));
            if (plan.HasRungs)
                cells.Add(Text(last.Resource));
            cells.Add(ModelSummary.Number(last.Steps));
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }
        return table;
    }

    /// <summary>The number by which people follow training, where it is not the loss.</summary>
    public static string Measured(SearchPlan plan, RungRecord record)
    {
        var measure = plan.Problem.Preparation.Measure;
        return measure.Key != "loss" && record.Metrics.ContainsKey(measure.Key) ? $"  val {measure.Text(record.Metrics)}" : "";
    }

    public void Print(Terminal terminal, SearchFolder folder, string? goOn)
    {
        var failed = result.Trials.Count(t => t.Failure is not null);
        terminal.Heading(string.Create(
            CultureInfo.InvariantCulture,
            $"{(goOn is null ? "" : "The time is up: ")}{result.Trials.Count} trials{(failed > 0 ? $", {failed} failed" : "")}, {result.Steps:N0} training steps; the best {Math.Min(Shown, result.Trials.Count - failed)}"));
        terminal.Ansi.Write(TableOf(plan, result.Leaderboard.Where(t => t.Failure is null).Take(Shown)));
        if (_importance.Count > 0)
        {
            terminal.Line("What the loss depends on (share of its variance that a setting explains alone):");
            var width = _importance.Max(i => i.Name.Length);
            foreach (var (name, share) in _importance.OrderByDescending(i => i.Share))
                terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {name.PadRight(width)} {100 * share,5:F1} %  {new string('█', (int)Math.Round(30 * share))}"));
        }
        terminal.Heading($"The best model on held-out test data, {ModelSummary.Number(problem.Test.Count)} samples no trial saw");
        test.Print(terminal);
        terminal.Heading($"Saved in {folder.Path}");
        terminal.Line($"  {RunFolder.ModelName}, results.csv, search.json, search.jsonl");
        terminal.Line($"  {string.Join(", ", folder.Pictures)}");
        terminal.Heading("What next");
        terminal.Line($"  {BestLine}");
        if (goOn is not null)
            terminal.Line($"  {goOn}");
    }

    public string ToJson(string folder) => RunSummary.ToText(new JsonObject
    {
        ["data"] = plan.Data,
        ["end"] = result.End.ToString(),
        ["steps"] = result.Steps,
        ["best"] = Trial(result.Best!),
        ["command"] = BestLine,
        ["test"] = test.ToJson(),
        ["importance"] = new JsonObject(_importance.Select(i => KeyValuePair.Create(i.Name, (JsonNode?)JsonValue.Create(Math.Round(i.Share, 4))))),
        ["trials"] = new JsonArray([.. result.Leaderboard.Select(t => (JsonNode)Trial(t))]),
        ["folder"] = folder,
        ["model"] = System.IO.Path.Combine(folder, RunFolder.ModelName),
    });

    private JsonObject Trial(TrialRecord trial)
    {
        var json = new JsonObject
        {
            ["trial"] = trial.Number,
            ["values"] = new JsonObject(plan.Space.Parameters.Select((p, i) => KeyValuePair.Create(p.Name, (JsonNode?)JsonValue.Create(trial.Values[i])))),
            ["validationLoss"] = RunSummary.Finite(trial.Score),
            ["metrics"] = new JsonObject(trial.Last.Metrics.Select(m => KeyValuePair.Create(m.Key, RunSummary.Finite(m.Value)))),
            ["steps"] = trial.Last.Steps,
            ["seconds"] = Math.Round(trial.Last.Seconds, 3),
        };
        if (plan.HasRungs)
            json["epochs"] = trial.Last.Resource;
        if (trial.Failure is not null)
            json["failure"] = trial.Failure;
        return json;
    }

    private static double[] Coordinates(TrialRecord trial, ParallelAxis[] axes) =>
        [.. axes.Select((axis, i) => axis.Categories is { } choices ? choices.ToList().IndexOf(trial.Values[i]) : double.Parse(trial.Values[i], CultureInfo.InvariantCulture))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
