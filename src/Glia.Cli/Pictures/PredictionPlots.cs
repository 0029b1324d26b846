using System.Globalization;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Plots;
using Glia.Training;

namespace Glia.Cli.Pictures;

/// <summary>What a model makes of samples whose truth is known.</summary>
internal static class PredictionPlots
{
    private const int MostCurves = 6;
    private const int MostClasses = 8;

    public static IReadOnlyList<PlotKind> Kinds { get; } =
    [
        PlotKind.Of("confusion", "which classes are taken for which", "a classifier", Needs.Classes, Confusion),
        PlotKind.Of("roc", "true positives against false positives at every threshold, class by class", "a classifier", Needs.Classes, Roc),
        PlotKind.Of("calibration", "whether the probabilities of a classifier mean what they say", "a classifier with probabilities", Needs.Probabilities, Calibration),
        PlotKind.Of("boundary", "what a classifier says over the plane of two columns, the others at their mean", "a classifier of a table", run => Needs.Classes(run) ?? Plane(run), Boundary),
        PlotKind.Of("predictions", "predicted against true numbers", "a model that predicts a number", Needs.Numbers, (run, o) => Numbers(run, o, (q, e) => Chart.PredictionScatter($"{run.Name}: predictions", q, e.Actual, e.Predicted))),
        PlotKind.Of("residuals", "the errors of predicted numbers", "a model that predicts a number", Needs.Numbers, (run, o) => Numbers(run, o, (q, e) => Chart.Residuals($"{run.Name}: errors", q, e.Actual, e.Predicted))),
        PlotKind.Of("forecast", "forecasts over the held-out part of a series; with --sample one of them, with its usual error", "a model that forecasts a time series", Needs.Series, Forecast),
        PlotKind.Of("horizon", "the error of forecasts by how far they look ahead", "a model that forecasts a time series", Needs.Series, Horizon),
    ];

    private static Chart Confusion(PlotSource run, PlotOptions options)
    {
        var result = (ClassEvaluation)run.Evaluate(options);
        return Chart.ConfusionMatrix($"{run.Name}: held-out data", result.Classes, EvaluationReport.Counts(result.Confusion));
    }

    private static Chart Roc(PlotSource run, PlotOptions options)
    {
        var scores = run.Scores(options);
        var names = run.Preparation.Classes;
        // Of two classes one curve says all: the other's is the same, turned around.
        int[] classes = names.Count == 2 ? [options.Class is { } one ? ClassOf(one, names) : 1] : options.Class is { } only ? [ClassOf(only, names)] : [.. Enumerable.Range(0, names.Count)];
        var curves = classes
            .Where(c => scores.Labels.Any(l => l == c) && scores.Labels.Any(l => l != c))
            .Select(c => (Class: c, Curve: RocCurve.Of([.. scores.Rows.Select(r => r[c])], [.. scores.Labels.Select(l => l == c)])))
            .OrderBy(c => c.Curve.Area).ToList();
        if (curves.Count == 0)
            throw new UserException("A ROC curve needs samples of a class and of others, but all samples are of one class.");
        var title = $"{run.Name}: ROC{(curves.Count > MostCurves ? $", the {MostCurves} hardest of {names.Count} classes" : names.Count > 2 ? ", each class against the rest" : "")}";
        return Chart.Roc(title, [.. curves.Take(MostCurves).Select(c => new ChartPoints(
            string.Create(CultureInfo.InvariantCulture, $"{names[c.Class]}: area {c.Curve.Area:F4}"), c.Curve.FalsePositiveRates, c.Curve.TruePositiveRates))]);
    }

    private static Chart Calibration(PlotSource run, PlotOptions options)
    {
        var scores = run.Scores(options);
        int[] best = [.. scores.Rows.Select(r => Array.IndexOf(r, r.Max()))];
        var curve = CalibrationCurve.Of([.. scores.Rows.Select((r, i) => Math.Min(1, r[best[i]]))], [.. best.Select((b, i) => b == scores.Labels[i])]);
        return Chart.Calibration(
            $"{run.Name}: calibration", [.. curve.Bins.Select(b => b.Confidence)], [.. curve.Bins.Select(b => b.Accuracy)], [.. curve.Bins.Select(b => b.Count)]);
    }

    private static string? Plane(PlotSource run) => run.Preparation is TablePreparation table && Numeric(table).Count >= 2 && table.Classes.Count <= MostClasses
        ? null : $"a table with two columns of numbers or more, and at most {MostClasses} classes";

    private static List<string> Numeric(TablePreparation table) => [.. table.Features.ColumnsNeeded.Where(c => table.Features.ScaleOf(c) is not null)];

    private static Chart Boundary(PlotSource run, PlotOptions options)
    {
        var table = (TablePreparation)run.Preparation;
        var numeric = Numeric(table);
        var names = table.Features.FeatureNames.ToList();
        var (inputs, labels) = Encoded(run.Samples(options, all: true));
        var columns = options.Columns ?? Separating(numeric, names, inputs, labels);
        if (columns.Count != 2 || columns[0] == columns[1] || columns.Any(c => !numeric.Contains(c)))
            throw new UserException($"--columns names two different columns of numbers, such as {numeric[0]},{numeric[1]}, but got {string.Join(',', columns)}. There are: {ClosestName.List(numeric)}.");
        int[] place = [.. columns.Select(c => names.IndexOf(c))];
        (double Mean, double Std)[] scale = [.. columns.Select(c => table.Features.ScaleOf(c)!.Value)];
        var width = names.Count;
        double At(int row, int axis) => (inputs[(row * width) + place[axis]] * scale[axis].Std) + scale[axis].Mean;
        ChartPoints[] classes = [.. table.Classes.Select((name, c) =>
        {
            int[] own = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == c)];
            return own.Length == 0 ? new ChartPoints(name, [double.NaN], [double.NaN]) : new ChartPoints(name, [.. own.Select(i => At(i, 0))], [.. own.Select(i => At(i, 1))]);
        })];
        float[] rest = [.. Enumerable.Range(0, width).Select(f => (float)Enumerable.Range(0, labels.Length).Average(i => (double)inputs[(i * width) + f]))];
        var others = width > 2 ? ", other columns at their mean" : "";
        return Chart.DecisionBoundary($"{run.Name}: {table.Target.ColumnName}{others}", classes, points => Probabilities(run.Model, Inputs(points)), columns[0], columns[1]);

        Tensor Inputs(Tensor points)
        {
            var values = points.AsSpan<float>();
            var rows = new float[points.Shape[0] * width];
            for (var i = 0; i < points.Shape[0]; i++)
            {
                rest.CopyTo(rows, i * width);
                for (var axis = 0; axis < 2; axis++)
                    rows[(i * width) + place[axis]] = (float)((values[(2 * i) + axis] - scale[axis].Mean) / scale[axis].Std);
            }
            return Tensor.From(rows, (points.Shape[0], width));
        }
    }

    /// <summary>The two columns whose means differ most between classes, measured by their spread within (Fisher's F), in the order of the table.</summary>
    private static string[] Separating(List<string> columns, List<string> names, float[] inputs, int[] labels)
    {
        double Score(string column)
        {
            var place = names.IndexOf(column);
            var groups = Enumerable.Range(0, labels.Length).GroupBy(i => labels[i], i => (double)inputs[(i * names.Count) + place]).Select(g => g.ToArray()).ToList();
            var mean = groups.SelectMany(g => g).Average();
            var between = groups.Sum(g => g.Length * Math.Pow(g.Average() - mean, 2));
            var within = groups.Sum(g => g.Sum(v => Math.Pow(v - g.Average(), 2)));
            return between / Math.Max(1e-12, within);
        }
        return [.. columns.OrderByDescending(Score).Take(2).OrderBy(columns.IndexOf)];
    }

    private static Tensor Probabilities(TrainedModel model, Tensor inputs)
    {
        var outputs = model.Network.Predict(inputs);
        return model.DecidesBySign ? SignDecision.Scores(outputs) : outputs.Softmax();
    }

    private static (float[] Inputs, int[] Labels) Encoded(Dataset data)
    {
        const int Most = 3000;
        var batch = PlotSource.Read(data, [.. Enumerable.Range(0, Math.Min(Most, data.Count)).Select(i => (int)((long)i * data.Count / Math.Min(Most, data.Count)))]);
        return (batch.Input.ToArray<float>(), [.. batch.Target.ToArray<long>().Select(l => (int)l)]);
    }

    private static Chart Numbers(PlotSource run, PlotOptions options, Func<string, NumberEvaluation, Chart> draw) =>
        draw(run.Preparation is TablePreparation table ? table.Target.ColumnName : "number", (NumberEvaluation)run.Evaluate(options));

    private static Chart Forecast(PlotSource run, PlotOptions options)
    {
        var result = Evaluate(run, options);
        var series = (SeriesPreparation)run.Preparation;
        if (options.Sample is not { } sample)
            return result.SeveralForecasts(run.Name, series.Encoder.Column);
        if (sample >= result.Samples)
            throw new UserException($"--sample is {sample}, but there are {result.Samples} forecasts, numbered from 0.");
        var (lookback, horizon) = (series.Encoder.Lookback, series.Encoder.Horizon);
        var origin = result.FirstOrigin + sample;
        var start = Math.Max(0, origin + 1 - Math.Max(lookback, 2 * horizon));
        return Chart.Forecast(
            string.Create(CultureInfo.InvariantCulture, $"{run.Name}: forecast from step {origin}"), series.Encoder.Column, result.Values[start..(origin + 1)], result.Forecasts[sample],
            result.Values[(origin + 1)..(origin + 1 + horizon)], result.Backtest.RmseByStep, start);
    }

    private static Chart Horizon(PlotSource run, PlotOptions options) => Evaluate(run, options).ErrorByStep(run.Name, ((SeriesPreparation)run.Preparation).Encoder.Column);

    private static ForecastEvaluation Evaluate(PlotSource run, PlotOptions options) => (ForecastEvaluation)run.Evaluate(options);

    /// <summary>A class by its name, or where there is none of this name by its number from 0.</summary>
    public static int ClassOf(string name, IReadOnlyList<string> classes)
    {
        var index = classes.ToList().IndexOf(name);
        if (index < 0 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < classes.Count)
            index = number;
        return index >= 0 ? index : throw new UserException(ClosestName.Explain("class", "classes", name, [.. classes]));
    }
}
