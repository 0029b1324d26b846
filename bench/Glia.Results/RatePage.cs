using System.Globalization;
using Glia.Data;

namespace Glia.Results;

/// <summary>The table of docs/learning-rate.md, between its two marks.</summary>
internal static class RatePage
{
    private const string Start = "<!-- rates: written by bench/rates.sh -->";
    private const string End = "<!-- end of rates -->";
    private const double MostBelow = 0.01;
    private const double MostAbove = 1.05;

    public static void Write(string path, IReadOnlyCollection<RateRun> runs, string machine)
    {
        var page = File.ReadAllText(path);
        var (from, to) = (page.IndexOf(Start, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidDataException($"{path} has no table between '{Start}' and '{End}'.");
        File.WriteAllText(path, page[..(from + Start.Length)] + "\n\n" + string.Join('\n', Table(runs, machine)) + "\n\n" + page[to..]);
    }

    private static IEnumerable<string> Table(IReadOnlyCollection<RateRun> runs, string machine)
    {
        yield return "| data set | measure | rate chosen | validation (test) | best rate of the grid | validation (test) | within? | seeds | steps |";
        yield return "| --- | --- | --- | --- | --- | --- | --- | --- | --- |";
        foreach (var set in BuiltInDatasets.All)
        {
            var (seeds, steps) = RateResults.Effort(set.Name);
            var own = runs.Where(r => r.Data == set.Name && r.Seed < seeds && r.Steps == steps).ToArray();
            var chosen = own.Where(r => r.IsChosen).ToArray();
            if (chosen.Length == 0)
                continue;
            var isAccuracy = chosen[0].IsAccuracy;
            var best = own.Where(r => !r.IsChosen).GroupBy(r => r.Rate).OrderBy(g => Worth(g, r => r.Validation)).First();
            var rates = chosen.Select(r => r.Rate).Order().ToArray();
            var (least, most) = (rates[0], rates[^1]);
            yield return $"| `{set.Name}` | {(isAccuracy ? "accuracy" : "RMSE")} | {(least == most ? Number(least) : $"{Number(rates[rates.Length / 2])} ({Number(least)} to {Number(most)})")} | {Measures(chosen)} | {Number(best.Key)} | {Measures(best)} | {IsWithin(chosen, best)} | {chosen.Length} | {(steps is { } limit ? limit.ToString("N0", CultureInfo.InvariantCulture) : "all")} |";

            double Worth(IEnumerable<RateRun> group, Func<RateRun, double> measure) => Mean(group, measure) is var mean && double.IsNaN(mean) ? double.PositiveInfinity : isAccuracy ? -mean : mean;
            string Measures(IEnumerable<RateRun> group) => $"{Format(Mean(group, r => r.Validation))} ({Format(Mean(group, r => r.Test))})";
            string Format(double value) => isAccuracy ? value.ToString("P1", CultureInfo.InvariantCulture) : value.ToString("F3", CultureInfo.InvariantCulture);
        }
        yield return "";
        yield return $"Machine: {machine}.";
    }

    private static string IsWithin(IEnumerable<RateRun> chosen, IEnumerable<RateRun> best)
    {
        var (own, other) = (Mean(chosen, r => r.Validation), Mean(best, r => r.Validation));
        return (chosen.First().IsAccuracy ? own >= other - MostBelow : own <= MostAbove * other) ? "yes" : "no";
    }

    private static double Mean(IEnumerable<RateRun> runs, Func<RateRun, double> measure) => runs.Average(measure);

    private static string Number(double value) => value.ToString("G2", CultureInfo.InvariantCulture);
}
