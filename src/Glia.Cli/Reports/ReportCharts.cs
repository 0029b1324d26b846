using Glia.Cli.Pictures;
using Glia.Plots;

namespace Glia.Cli.Reports;

/// <summary>The charts of a report: those kinds of <c>glia plot</c> that say how a run learned and how well it does.</summary>
internal static class ReportCharts
{
    private const int MostClasses = 40;

    private static readonly string[] OfPredictions = ["roc", "calibration", "predictions", "residuals", "forecast", "horizon"];

    /// <summary>How the run learned.</summary>
    public static void AddCurves(HtmlPage page, PlotSource run)
    {
        // A rate that stays says nothing as a curve.
        var rateChanges = run.HasMetrics && run.Metrics.Columns.FirstOrDefault(c => c.Name == "learning_rate") is { Kind: Data.ColumnKind.Numeric } rates && rates.Numbers.ToArray().Distinct().Count() > 1;
        string[] kinds = run.HasMetrics ? ["loss", "metric", .. rateChanges ? (string[])["learning-rate"] : []] : ["steps"];
        Add(page, run, "Curves", kinds);
    }

    /// <summary>What it makes of held-out data.</summary>
    /// <param name="page">The page.</param>
    /// <param name="run">The run.</param>
    /// <param name="summary">Its summary.</param>
    /// <param name="isOpen">Whether the data are there.</param>
    public static void AddPredictions(HtmlPage page, PlotSource run, ReportSummary summary, bool isOpen)
    {
        page.Section("Predictions on held-out data");
        if (summary.Confusion() is { } counts && counts.GetLength(0) is >= 2 and <= MostClasses)
            Try(page, "confusion", () => Chart.ConfusionMatrix("Which classes are taken for which", [.. summary.Classes().Select(c => c.Name)], counts));
        if (isOpen)
            Draw(page, run, OfPredictions);
        else if (summary.Results("rmseByStep") is { Length: > 0 } model && summary.Results("persistenceByStep") is { } same && same.Length == model.Length)
            Try(page, "horizon", () => ErrorByStep(model, same));
        if (summary.Test?["sample"]?.ToString() is { Length: > 0 } text)
            page.Heading("A text of the model's own").Shaded([(text, 0)]);
    }

    private static Chart ErrorByStep(double[] model, double[] persistence)
    {
        double[] steps = [.. Enumerable.Range(1, model.Length).Select(h => (double)h)];
        return Chart.Function("Error by step", [new("model", steps, model), new("persistence", steps, persistence)], "steps ahead", "RMSE");
    }

    private static void Add(HtmlPage page, PlotSource run, string heading, string[] kinds)
    {
        if (kinds.All(k => PlotKinds.Find(k).Missing(run) is not null))
            return;
        page.Section(heading);
        Draw(page, run, kinds);
    }

    private static void Draw(HtmlPage page, PlotSource run, string[] kinds)
    {
        foreach (var kind in kinds.Select(PlotKinds.Find).Where(k => k.Missing(run) is null))
        {
            // The axes of curves say it all.
            var caption = kind.TakesSeveral ? "" : $"{char.ToUpperInvariant(kind.Description[0])}{kind.Description.Split(';')[0][1..]}.";
            Try(page, kind.Name, () => kind.Draw([run], new()), caption);
        }
    }

    /// <summary>What cannot be drawn, such as the ROC curve of one class only, is said in its place.</summary>
    private static void Try(HtmlPage page, string what, Func<Chart> draw, string caption = "")
    {
        Chart chart;
        try
        {
            chart = draw();
        }
        catch (Exception e) when (e is UserException or ArgumentException)
        {
            page.Note($"There is no picture '{what}': {FailureReason.Said(e)}");
            return;
        }
        page.Chart(chart, caption);
    }
}
