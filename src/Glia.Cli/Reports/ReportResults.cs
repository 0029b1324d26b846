using System.Globalization;
using Glia.Cli.Pictures;
using Glia.Cli.Problems;

namespace Glia.Cli.Reports;

/// <summary>The results on held-out data, each beside what a guess without a model gives.</summary>
internal static class ReportResults
{
    public static IEnumerable<(string Name, string Value, string Remark)> Figures(PlotSource run, ReportSummary summary) => summary.Task switch
    {
        "classification" => Classification(summary),
        "regression" => Regression(summary),
        "forecasting" => Forecasting(summary),
        "language-model" => Text(run, summary),
        _ => [],
    };

    private static IEnumerable<(string, string, string)> Classification(ReportSummary summary)
    {
        var classes = summary.Classes();
        var total = classes.Sum(c => c.Samples);
        if (summary.Result("accuracy") is { } accuracy)
            yield return ("accuracy", Share(accuracy), total > 0 ? $"the most frequent class always: {Share(classes.Max(c => c.Samples) / total)}" : "");
        if (summary.Result("macroF1") is { } f1)
            yield return ("macro F1", f1.ToString("F4", CultureInfo.InvariantCulture), "mean over the classes");
        if (summary.Result("loss") is { } loss)
            yield return ("loss", loss.ToString("F4", CultureInfo.InvariantCulture), classes.Count > 1 ? $"guessing evenly: {Math.Log(classes.Count).ToString("F4", CultureInfo.InvariantCulture)}" : "");
    }

    private static IEnumerable<(string, string, string)> Regression(ReportSummary summary)
    {
        var fit = summary.Result("r2");
        if (summary.Result("rmse") is { } rmse)
            // R² = 1 − RMSE² / variance, so the error of always predicting the mean is known.
            yield return ("RMSE", Number(rmse), fit < 1 ? $"always predicting the mean: {Number(rmse / Math.Sqrt(1 - fit.Value))}" : "");
        if (summary.Result("mae") is { } mae)
            yield return ("MAE", Number(mae), "mean absolute error");
        if (fit is { } r2)
            yield return ("R²", r2.ToString("F4", CultureInfo.InvariantCulture), "always predicting the mean: 0");
    }

    private static IEnumerable<(string, string, string)> Forecasting(ReportSummary summary)
    {
        if (summary.Result("rmse") is { } rmse)
            yield return ("RMSE", Number(rmse), summary.Result("persistenceRmse") is { } same ? $"everything stays as it is: {Number(same)}" : "");
        if (summary.Result("seasonalRmse") is { } seasonal)
            yield return ("RMSE a season ago", Number(seasonal), "as it was a season before");
        if (summary.Result("skill") is { } skill)
            yield return ("skill", skill.ToString("F3", CultureInfo.InvariantCulture), "1 − RMSE / RMSE of persistence");
    }

    private static IEnumerable<(string, string, string)> Text(PlotSource run, ReportSummary summary)
    {
        var guess = run.HasModel && run.Preparation is TextPreparation text ? $"guessing evenly: {Math.Log2(text.Vocabulary.Count).ToString("F4", CultureInfo.InvariantCulture)}" : "";
        if (summary.Result("bitsPerCharacter") is { } bits)
            yield return ("bits per character", bits.ToString("F4", CultureInfo.InvariantCulture), guess);
        if (summary.Result("perplexity") is { } perplexity)
            yield return ("perplexity", perplexity.ToString("F3", CultureInfo.InvariantCulture), "as unsure as among so many characters");
        if (summary.Result("characters") is { } characters)
            yield return ("characters", characters.ToString("N0", CultureInfo.InvariantCulture), "that were foreseen");
    }

    private static string Share(double value) => (100 * value).ToString("F2", CultureInfo.InvariantCulture) + " %";

    /// <summary>Five significant digits.</summary>
    public static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
