using System.Globalization;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Plots;

namespace Glia.Cli.Pictures;

/// <summary>What was measured while models learned, of one or several runs.</summary>
internal static class CurvePlots
{
    private const int MostCurves = 8;

    public static IReadOnlyList<PlotKind> Kinds { get; } =
    [
        new("loss", "the loss by epoch, of one run or of several", "a finished training", run => Needs.Metrics(run) ?? Column(run, "loss"), (runs, options) => Curves(runs, options, "loss", "loss", 1)) { TakesSeveral = true },
        new("metric", "accuracy, error or bits by epoch, of one run or of several; of a perceptron the mistakes", "a finished training", Needs.Metrics, Metric) { TakesSeveral = true },
        new("learning-rate", "the learning rate by epoch", "a finished training", run => Needs.Metrics(run) ?? Column(run, "learning_rate"), LearningRate) { TakesSeveral = true },
        new("steps", "the loss by step", "a training that the doctor watched", Needs.Record, Steps) { TakesSeveral = true },
        new("regimes", "the loss by step of several runs side by side: learning rates too small, good and too large", "a training that the doctor watched", Needs.Record, Regimes) { TakesSeveral = true },
    ];

    private static string? Column(PlotSource run, string name) => run.Metrics.Columns.Any(c => c.Name == name) ? null : "a network trained by its loss, which a perceptron is not";

    private static Chart Metric(IReadOnlyList<PlotSource> runs, PlotOptions options)
    {
        if (runs.All(r => r.Metrics.Columns.Any(c => c.Name == "mistakes")))
            return Curves(runs, options, "mistakes", "mistakes", 1, "pass");
        var measures = runs.Select(MeasureOf).ToList();
        if (measures.Select(m => m.Axis).Distinct().Count() > 1)
            throw new UserException($"The runs are measured by different numbers: {ClosestName.List([.. measures.Select(m => m.Axis).Distinct()])}. Compare runs of one kind.");
        return Curves(runs, options, measures[0].Key, measures[0].Axis, measures[0].ChartScale);
    }

    private static Measure MeasureOf(PlotSource run)
    {
        if (Column(run, "loss") is not null)
            throw new UserException($"'{run.Path}' is a perceptron, measured by its mistakes, and does not compare with networks.");
        if (!run.HasModel)
            throw new UserException($"'{run.Path}' holds no model, which says by what it is measured.");
        return run.Preparation.Measure;
    }

    private static Chart Curves(IReadOnlyList<PlotSource> runs, PlotOptions options, string key, string axis, double scale, string pass = "epoch")
    {
        var hasValidation = runs.Any(r => r.Metrics.Columns.Any(c => c.Name == "val_" + key));
        // Of one run both are wanted; of several, the held-out part compares.
        var part = options.Part ?? (runs.Count == 1 ? CurvePart.Both : hasValidation ? CurvePart.Validation : CurvePart.Training);
        var series = new List<ChartSeries>();
        foreach (var run in runs)
        {
            foreach (var (name, column) in new[] { ("training", key), ("validation", "val_" + key) })
            {
                var isWanted = part == CurvePart.Both || (part == CurvePart.Training) == (name == "training");
                if (!isWanted || run.Metrics.Columns.FirstOrDefault(c => c.Name == column) is not { Kind: ColumnKind.Numeric } values || run.Metrics.RowCount == 0)
                    continue;
                series.Add(new(runs.Count == 1 ? name : part == CurvePart.Both ? $"{run.Name}, {name}" : run.Name, [.. values.Numbers.ToArray().Select(v => v * scale)]));
            }
        }
        if (series.Count == 0)
            throw new UserException($"There is no {axis} of {(part == CurvePart.Validation ? "validation" : "training")} to draw in {ClosestName.List([.. runs.Select(r => r.Path)])}.");
        if (series.Count > MostCurves)
            throw new UserException($"There are {series.Count} curves, but {MostCurves} colours that can be told apart. Give fewer runs, or --part validation.");
        var best = runs.Count == 1 && runs[0].HasRecord ? runs[0].Record.RestoredEpoch : null;
        var title = runs.Count == 1 ? $"{runs[0].Name}: {axis}" : part == CurvePart.Both ? axis : $"{axis}, {part.ToString().ToLowerInvariant()}";
        if (best > series.Max(s => s.Values.Count))
            best = null;
        return Chart.LearningCurves(title, axis, series, best, options.LogY, pass, options.LogX, options.Smooth);
    }

    private static Chart LearningRate(IReadOnlyList<PlotSource> runs, PlotOptions options) => Chart.LearningCurves(
        runs.Count == 1 ? $"{runs[0].Name}: learning rate" : "learning rate", "learning rate",
        [.. runs.Take(MostCurves).Select(r => new ChartSeries(r.Name, [.. r.Metrics["learning_rate"].Numbers]))], logScale: options.LogY, logX: options.LogX);

    private static Chart Steps(IReadOnlyList<PlotSource> runs, PlotOptions options) => Chart.Function(
        runs.Count == 1 ? $"{runs[0].Name}: loss by step" : "loss by step",
        [.. runs.Take(MostCurves).SelectMany(r => options.Smooth > 0 && runs.Count == 1
            ? (ChartPoints[])[Smoothed(Trace(r, "smoothed"), options.Smooth), Trace(r, "loss")]
            : [Smoothed(Trace(r, r.Name), options.Smooth)])],
        "step", "training loss", options.LogY, options.LogX);

    private static Chart Regimes(IReadOnlyList<PlotSource> runs, PlotOptions options)
    {
        const int Most = 8;
        if (runs.Count > Most)
            throw new UserException($"There are {runs.Count} runs, but {Most} at most stand side by side.");
        // Over as many steps as all have; a rate at which the loss runs away ends above the axis.
        var steps = runs.Min(r => Trace(r, "loss").X[^1]);
        var highest = 2 * runs.Max(r => r.Record.Losses.FirstOrDefault(double.IsFinite, 1));
        var panels = runs.Select(run =>
        {
            var trace = Trace(run, "loss");
            var count = Math.Max(1, trace.X.Count(x => x <= steps));
            var verdict = run.Record.Failure is null ? "" : ", diverged";
            return new ChartPanel(
                string.Create(CultureInfo.InvariantCulture, $"learning rate {run.Record.Settings.LearningRate:G3}{verdict}"), [Smoothed(new(trace.Name, [.. trace.X.Take(count)], [.. trace.Y.Take(count)]), options.Smooth)]);
        });
        return Chart.Panels("The loss by step", [.. panels], "step", "training loss", options.LogY, highest);
    }

    private static ChartPoints Trace(PlotSource run, string name)
    {
        var record = run.Record;
        if (record.Losses.Count == 0)
            throw new UserException($"'{run.Path}' holds no losses of steps.");
        return new(name, [.. Enumerable.Range(0, record.Losses.Count).Select(i => (i + 0.5) * record.LossStride + 0.5)], record.Losses);
    }

    private static ChartPoints Smoothed(ChartPoints points, double weight)
    {
        if (weight == 0)
            return points;
        var (average, remaining) = (0.0, 1.0);
        return new(points.Name, points.X, [.. points.Y.Select(y =>
        {
            average = (weight * average) + ((1 - weight) * y);
            remaining *= weight;
            return average / (1 - remaining);
        })]);
    }
}
