using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

internal static class ForecastChart
{
    private const int DefaultWidth = 900;
    private const int DefaultHeight = 480;

    public static Chart Create(
        string title, string quantity, IReadOnlyList<double> known, IReadOnlyList<double> forecast, IReadOnlyList<double>? truth, IReadOnlyList<double>? errors, int firstStep)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(forecast);
        if (known.Count == 0 || forecast.Count == 0)
            throw new ArgumentException("A forecast needs at least one known value and one forecast value.", nameof(forecast));
        if ((truth is not null && truth.Count != forecast.Count) || (errors is not null && errors.Count != forecast.Count))
            throw new ArgumentException($"There are {forecast.Count} forecast values, {truth?.Count} true ones and {errors?.Count} errors; give one of each for every step.", nameof(truth));
        if (!known.Concat(forecast).Concat(truth ?? []).Concat(errors ?? []).All(ChartText.IsDrawable) || errors?.Any(e => e < 0) == true)
            throw new ArgumentException("Known, forecast and true values must be finite, and errors 0 or more.", nameof(forecast));
        quantity = ChartText.Clean(quantity);
        double At(int step) => firstStep + step;
        var last = known.Count - 1;
        double[] time = [.. Enumerable.Range(0, forecast.Count + 1).Select(h => At(last + h))];
        double[] line = [known[last], .. forecast];
        double[] spread = [0, .. errors ?? new double[forecast.Count]];
        ChartPoints before = new("known", [.. Enumerable.Range(0, known.Count).Select(At)], known);
        ChartPoints ahead = new("forecast", time, line);
        List<ChartPoints> curves = truth is null ? [before, ahead] : [before, ahead, new("what came", time, [known[last], .. truth])];
        Color[] colors = [Theme.Text, Theme.SeriesColor(1), Theme.SeriesColor(0)];
        List<LegendEntry> legend = [.. curves.Select((c, i) => new LegendEntry(c.Name, LegendKind.Line, colors[i]))];
        if (errors is not null)
            legend.Add(new("± 2 · RMSE of that step", LegendKind.Patch, colors[1].WithAlpha(0.18)));
        var limits = LearningCurvesChart.Limits([.. curves.SelectMany(c => c.Y), .. line.Select((v, h) => v + (2 * spread[h])), .. line.Select((v, h) => v - (2 * spread[h]))], logScale: false);
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (pen, width, height, top) =>
        {
            var area = PlotArea.Draw(
                pen, new SKRect(Theme.Margin, top, width - Theme.Margin, height - Theme.Gap), new("step", At(0), time[^1]) { IntegersOnly = true }, new(quantity, limits.Low, limits.High));
            using var clip = area.Clip(pen);
            if (errors is not null)
            {
                pen.Area(
                    [.. time.Select((t, h) => area.At(t, line[h] + (2 * spread[h]))), .. time.Select((t, h) => area.At(t, line[h] - (2 * spread[h]))).Reverse()], colors[1].WithAlpha(0.18));
            }
            pen.Dashes(new(area.X(time[0]), area.Data.Top), new(area.X(time[0]), area.Data.Bottom), Theme.Quiet);
            for (var i = curves.Count - 1; i >= 0; i--)
                area.Curve(pen, curves[i].Runs(), colors[i]);
        })
        {
            Text = (width, height, asciiOnly) => TerminalChart.Function("step", quantity, curves, width, height, asciiOnly: asciiOnly),
        };
    }
}
