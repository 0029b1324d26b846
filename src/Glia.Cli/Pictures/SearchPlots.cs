using System.Globalization;
using System.Text.Json;
using Glia.Plots;

namespace Glia.Cli.Pictures;

/// <summary>What searches of <c>glia tune</c> found, from the files they left.</summary>
internal static class SearchPlots
{
    private const string SearchName = "search.json";
    private const string RatesName = "rates.json";
    private const double WideRange = 30;

    public static IReadOnlyList<PlotKind> Kinds { get; } =
    [
        PlotKind.Of("trials", "the settings and the loss of all trials as parallel coordinates", "a finished search of 'glia tune search'", run => run.Has(SearchName) ? null : "search.json, which 'glia tune search' writes at its end", Trials),
        PlotKind.Of("importance", "how much of the loss each setting explains", "a finished search of 'glia tune search'", run => run.Has(SearchName) ? null : "search.json, which 'glia tune search' writes at its end", Importance),
        PlotKind.Of("rate-range", "the loss against the learning rate", "a folder of 'glia tune rate'", run => run.Has(RatesName) ? null : "rates.json, which 'glia tune rate --out' writes", RateRange),
    ];

    private static Chart Trials(PlotSource run, PlotOptions options)
    {
        var (names, rows, scores) = run.Parse(SearchName, text =>
        {
            using var json = JsonDocument.Parse(text);
            var trials = json.RootElement.GetProperty("trials").EnumerateArray().Where(t => t.GetProperty("validationLoss").ValueKind == JsonValueKind.Number).ToList();
            if (trials.Count == 0)
                throw new FormatException("it holds no trial with a loss");
            string[] names = [.. trials[0].GetProperty("values").EnumerateObject().Select(p => p.Name)];
            string[][] rows = [.. trials.Select(t => names.Select(n => t.GetProperty("values").GetProperty(n).GetString() ?? "").ToArray())];
            return (names, rows, trials.Select(t => t.GetProperty("validationLoss").GetDouble()).ToArray());
        });
        ParallelAxis[] axes = [.. names.Select((name, i) => Axis(name, [.. rows.Select(r => r[i])]))];
        double[][] lines = [.. rows.Select(r => r.Select((text, i) => axes[i].Categories is { } names ? names.ToList().IndexOf(text) : Number(text)!.Value).ToArray())];
        return Chart.ParallelCoordinates($"{run.Name}: {rows.Length} trials", axes, lines, "validation loss", scores);
    }

    /// <summary>An axis of numbers where all values are, logarithmic where they spread over more than a decade and a half; else of categories.</summary>
    private static ParallelAxis Axis(string name, string[] values)
    {
        double?[] numbers = [.. values.Select(Number)];
        if (numbers.Any(n => n is null) || numbers.Distinct().Count() <= 1)
            return new(name, 0, 1) { Categories = [.. values.Distinct().OrderBy(v => Number(v) ?? 0).ThenBy(v => v, StringComparer.Ordinal)] };
        var (low, high) = (numbers.Min()!.Value, numbers.Max()!.Value);
        return new(name, low, high) { IsLogarithmic = low > 0 && high / low > WideRange };
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static Chart Importance(PlotSource run, PlotOptions options)
    {
        var shares = run.Parse(SearchName, text =>
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.GetProperty("importance").EnumerateObject().Select(p => (p.Name, Share: p.Value.GetDouble())).ToList();
        });
        return shares.Count > 0 ? Chart.Bars($"{run.Name}: what the loss depends on", [.. shares.Select(s => s.Name)], [.. shares.Select(s => Math.Round(100 * s.Share, 1))], "share of the variance explained alone (%)")
            : throw new UserException($"'{run.Path}': the search had too few trials to say what the loss depends on.");
    }

    private static Chart RateRange(PlotSource run, PlotOptions options)
    {
        var (points, rate) = run.Parse(RatesName, text =>
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return (root.GetProperty("range").GetProperty("points").EnumerateArray().Select(p => (
                Rate: p.GetProperty("rate").GetDouble(), Smoothed: p.GetProperty("smoothed").ValueKind == JsonValueKind.Number ? p.GetProperty("smoothed").GetDouble() : double.NaN)).ToList(), root.GetProperty("learningRate").GetDouble());
        });
        if (points.Count == 0)
            throw new UserException($"'{run.Path}': the range test has no points.");
        return Chart.Function(
            $"{run.Name}: loss against the learning rate", [new("smoothed loss", [.. points.Select(p => p.Rate)], [.. points.Select(p => p.Smoothed)])], "learning rate", "loss", options.LogY, logX: true,
            mark: (rate, string.Create(CultureInfo.InvariantCulture, $"learning rate {rate:G4}")));
    }
}
