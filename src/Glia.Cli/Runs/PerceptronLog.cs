using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Models;
using Glia.Plots;
using Glia.Training;
using Spectre.Console;
using JsonNode = System.Text.Json.Nodes.JsonNode;
using Table = Spectre.Console.Table;

namespace Glia.Cli.Runs;

/// <summary>Mistakes by pass, and what the perceptron has learned.</summary>
internal sealed class PerceptronLog(
    Perceptron perceptron, PerceptronReport report, TimeSpan time, bool isCancelled, double[][] samples, double[] targets) : TrainingLog
{
    private const int MostWeights = 30;

    public override (StopReason Reason, int? BestEpoch, string Verdict) Outcome => (isCancelled && !report.Converged ? StopReason.Cancelled : StopReason.Completed, null, report.Explanation);

    public override string ToCsv()
    {
        var text = new StringBuilder("pass,mistakes\n");
        for (var i = 0; i < report.MistakesPerPass.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i + 1},{report.MistakesPerPass[i]}\n");
        return text.ToString();
    }

    public override void AddTo(JsonObject summary)
    {
        summary["epochsRun"] = report.MistakesPerPass.Count;
        summary["converged"] = report.Converged;
        summary["stopReason"] = report.Converged ? "Converged" : isCancelled ? "Cancelled" : "Completed";
        summary["explanation"] = report.Explanation;
        summary["trainingSeconds"] = Math.Round(time.TotalSeconds, 3);
        summary["mistakesPerPass"] = new JsonArray([.. report.MistakesPerPass.Select(m => (JsonNode)m)]);
        summary["weights"] = new JsonArray([.. perceptron.Weights.ToArray().Select(w => (JsonNode)w)]);
        summary["bias"] = perceptron.Bias;
    }

    public override IEnumerable<(string File, Chart Chart)> Charts(Problem problem)
    {
        yield return ("mistakes", Chart.LearningCurves(
            $"{problem.Name}: mistakes per pass", "mistakes", [new("training", [.. report.MistakesPerPass.Select(m => (double)m)])], xLabel: "pass"));
        if (problem.Preparation is not TablePreparation { Features: { FeatureNames: [var x, var y] } features })
            yield break;
        ChartPoints[] classes = [.. problem.Classes.Select((name, c) => Points($"{problem.Target} {name}", c == 0 ? -1 : 1)).OfType<ChartPoints>()];
        if (classes.Length == 2)
            yield return ("boundary", Chart.DecisionLine(
                $"{problem.Name}: training data and decision line", classes, perceptron.Weights.ToArray(), perceptron.Bias, Label(features, x), Label(features, y)));
    }

    /// <summary>w and b, by feature.</summary>
    public void PrintWeights(Terminal terminal, Problem problem)
    {
        if (problem.Preparation is not TablePreparation { Features: var features })
        {
            terminal.Line($"{ModelSummary.Number(perceptron.Weights.Length)} weights, one for each number of an image, and the bias are in the model file.");
            return;
        }
        terminal.Heading($"Weights: '{problem.Classes[1]}' where w·x + b ≥ 0, else '{problem.Classes[0]}'");
        var table = new Table().Border(TableBorder.Rounded).AddColumn("feature").AddColumn(new TableColumn("weight").RightAligned());
        for (var i = 0; i < Math.Min(MostWeights, perceptron.Weights.Length); i++)
            table.AddRow(Markup.Escape(Label(features, features.FeatureNames[i])), Text(perceptron.Weights[i]));
        table.AddRow("bias", Text(perceptron.Bias));
        terminal.Ansi.Write(table);
        if (perceptron.Weights.Length > MostWeights)
            terminal.Line($"… and {ModelSummary.Number(perceptron.Weights.Length - MostWeights)} more weights; summary.json has all of them.");
    }

    private ChartPoints? Points(string name, double target)
    {
        double[][] own = [.. samples.Where((_, i) => targets[i] == target)];
        return own.Length == 0 ? null : new ChartPoints(name, [.. own.Select(p => p[0])], [.. own.Select(p => p[1])]);
    }

    /// <summary>Numbers are standardised before the perceptron sees them.</summary>
    private static string Label(TableEncoder features, string name) =>
        features.ColumnKinds.TryGetValue(name, out var kind) && kind == ColumnKind.Numeric ? $"{name}, standardised" : name;

    private static string Text(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
