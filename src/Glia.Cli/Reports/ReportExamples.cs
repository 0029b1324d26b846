using System.Globalization;
using Glia.Cli.Output;
using Glia.Cli.Pictures;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Plots;

namespace Glia.Cli.Reports;

/// <summary>Where a model is most wrong and most right: held-out samples as pictures, rows, forecasts or texts.</summary>
internal static class ReportExamples
{
    private const int MostImages = 12;
    private const int MostRows = 8;
    private const int MostForecasts = 3;

    public static void Add(HtmlPage page, PlotSource run, bool isOpen, string note)
    {
        page.Section("Worst and best examples");
        if (note.Length > 0)
            page.Note(note);
        if (!isOpen)
            return;
        switch (run.Preparation)
        {
            case TextPreparation text:
                ReportTexts.Add(page, run, text);
                break;
            case SeriesPreparation series:
                AddForecasts(page, run, series);
                break;
            case { Task: "regression" }:
                AddNumbers(page, run);
                break;
            default:
                AddClasses(page, run);
                break;
        }
    }

    private static void AddClasses(HtmlPage page, PlotSource run)
    {
        var scores = run.Scores(new());
        var samples = run.Samples(new());
        var steps = Math.Max(1, scores.Rows.Count / samples.Count);
        // How sure the model is of the truth; of an answer for every step on average.
        double[] sure = [.. Enumerable.Range(0, samples.Count).Select(i => Enumerable.Range(i * steps, steps).Average(r => scores.Rows[r][scores.Labels[r]]))];
        var order = Enumerable.Range(0, sure.Length).OrderBy(i => sure[i]).ThenBy(i => i).ToArray();
        var isWrong = Enumerable.Range(0, scores.Rows.Count).Count(r => Best(scores.Rows[r]) != scores.Labels[r]);
        var most = HasPictures(run) ? MostImages : MostRows;
        page.Paragraph(string.Create(CultureInfo.InvariantCulture, $"{isWrong:N0} of {scores.Rows.Count:N0} {(steps > 1 ? "steps" : "samples")} {(isWrong == 1 ? "is" : "are")} classified wrongly."));
        var what = run.Model.DecidesBySign ? "farthest on the wrong side, or nearest to the line" : steps > 1 ? "least sure of the truth, over all steps" : "least sure of the true class";
        page.Heading("Worst").Note($"The samples of which the model is {what}.");
        Show(order.Take(most));
        page.Heading("Best").Note(run.Model.DecidesBySign ? "The samples that are farthest on the right side." : "The samples of whose truth the model is surest.");
        Show(order.Reverse().Take(most));

        void Show(IEnumerable<int> chosen)
        {
            int[] indices = [.. chosen];
            if (HasPictures(run) && steps == 1)
                page.Images(indices.Select(i => (Picture(run, samples, i), Caption(run, scores, i))));
            else
                AddRows(page, run, samples, indices, steps > 1 ? ["sample", "steps right", "mean probability of the truth"] : ["truth", "prediction", run.Model.DecidesBySign ? "output of the truth" : "p(truth)"], i => steps > 1
                    ? [i.ToString(CultureInfo.InvariantCulture), $"{Enumerable.Range(i * steps, steps).Count(r => Best(scores.Rows[r]) == scores.Labels[r])} of {steps}", Share(sure[i])]
                    : [run.Preparation.Classes[scores.Labels[i]], run.Preparation.Classes[Best(scores.Rows[i])], run.Model.DecidesBySign ? ReportResults.Number(sure[i]) : Share(sure[i])]);
        }
    }

    private static bool HasPictures(PlotSource run) => run.Preparation is ImagePreparation || run.Preparation.InputShape.Rank > 2;

    private static string Caption(PlotSource run, ClassifierScores scores, int i)
    {
        var (row, truth, best) = (scores.Rows[i], scores.Labels[i], Best(scores.Rows[i]));
        var classes = run.Preparation.Classes;
        string Sure(int c) => run.Model.DecidesBySign ? "" : $" ({Share(row[c])})";
        return best == truth ? $"✓ {classes[truth]}{Sure(truth)}" : $"✗ is {classes[truth]}{Sure(truth)}\ntaken for {classes[best]}{Sure(best)}";
    }

    /// <summary>An image; of a video its frames side by side.</summary>
    private static ChartImage Picture(PlotSource run, Dataset samples, int i)
    {
        var input = PlotSource.Read(samples, i).Input;
        if (run.Preparation is ImagePreparation)
            return new("", ImagePlots.ToPicture(run, input, 0));
        var (frames, height, width) = (input.Shape[1], input.Shape[-2], input.Shape[-1]);
        var values = input.ToArray<float>();
        var stride = values.Length / frames;
        var joined = new double[height, frames * (width + 1)];
        for (var frame = 0; frame < frames; frame++)
        {
            for (var p = 0; p < height * width; p++)
                joined[p / width, (frame * (width + 1)) + (p % width)] = values[(frame * stride) + p];
        }
        return new("", joined);
    }

    private static void AddNumbers(HtmlPage page, PlotSource run)
    {
        var result = (NumberEvaluation)run.Evaluate(new());
        var samples = run.Samples(new());
        double Error(int i) => result.Predicted[i] - result.Actual[i];
        var order = Enumerable.Range(0, result.Actual.Length).OrderByDescending(i => Math.Abs(Error(i))).ThenBy(i => i).ToArray();
        foreach (var (heading, chosen) in new[] { ("Worst", order.Take(MostRows)), ("Best", order.Reverse().Take(MostRows)) })
        {
            page.Heading(heading).Note(heading == "Worst" ? "The samples with the largest errors." : "The samples with the smallest errors.");
            AddRows(page, run, samples, [.. chosen], ["truth", "prediction", "error"], i => [ReportResults.Number(result.Actual[i]), ReportResults.Number(result.Predicted[i]), ReportResults.Number(Error(i))]);
        }
    }

    /// <summary>Samples line by line: what came of each, and of a table its columns.</summary>
    private static void AddRows(HtmlPage page, PlotSource run, Dataset samples, int[] indices, string[] headings, Func<int, string[]> cells)
    {
        if (run.Preparation is TablePreparation table)
        {
            var columns = ReportRows.Columns(table);
            page.Table([.. headings, .. columns], [.. indices.Select(i => (string[])[.. cells(i), .. ReportRows.Read(table, columns, PlotSource.Read(samples, i).Input.ToArray<float>())])]);
            if (columns.Count < table.Features.ColumnsNeeded.Count)
                page.Note($"The first {columns.Count} of {table.Features.ColumnsNeeded.Count} columns.");
            return;
        }
        var isNumbered = headings[0] == "sample";
        page.Table(isNumbered ? headings : ["sample", .. headings], [.. indices.Select(i => isNumbered ? cells(i) : (string[])[ModelSummary.Number(i), .. cells(i)])]);
    }

    private static void AddForecasts(HtmlPage page, PlotSource run, SeriesPreparation series)
    {
        var result = (ForecastEvaluation)run.Evaluate(new());
        var horizon = series.Encoder.Horizon;
        double[] errors = [.. Enumerable.Range(0, result.Samples).Select(i => Math.Sqrt(Enumerable.Range(0, horizon).Average(h => Math.Pow(result.Forecasts[i][h] - result.Values[result.FirstOrigin + i + 1 + h], 2))))];
        var order = Enumerable.Range(0, errors.Length).OrderByDescending(i => errors[i]).ThenBy(i => i).ToArray();
        Show("Worst", "The forecasts with the largest errors.", order);
        Show("Best", "The forecasts with the smallest errors.", order.Reverse());

        void Show(string heading, string note, IEnumerable<int> from)
        {
            page.Heading(heading).Note(note);
            var chosen = new List<int>();
            foreach (var i in from)
            {
                // Forecasts that overlap would be the same picture again.
                if (chosen.Count < MostForecasts && chosen.TrueForAll(c => Math.Abs(c - i) >= horizon))
                    chosen.Add(i);
            }
            page.SmallCharts(chosen.Select(i => (PlotKinds.Find("forecast").Draw([run], new() { Sample = i }), $"RMSE {ReportResults.Number(errors[i])}.")));
        }
    }

    private static int Best(double[] row) => Array.IndexOf(row, row.Max());

    /// <summary>Never all or nothing, which a probability is not.</summary>
    private static string Share(double value) => value switch
    {
        > 0.9995 and < 1 => "> 99.9\u00A0%",
        > 0 and < 0.0005 => "< 0.1\u00A0%",
        _ => (100 * value).ToString("F1", CultureInfo.InvariantCulture) + "\u00A0%",
    };
}
