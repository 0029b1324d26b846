using Glia.Layers;
using ScottPlot;

namespace Glia.Plots;

internal static class FunctionChart
{
    private const int DefaultWidth = 640;
    private const int DefaultHeight = 440;
    private const float PixelsPerTick = 45;

    /// <summary>A derivative that changes more than this from one point to the next has jumped; no activation bends so sharply.</summary>
    private const double Jump = 0.1;

    public static Chart Create(string title, IReadOnlyList<ChartPoints> curves, string xLabel, string yLabel, bool logScale = false, bool logX = false, (double X, string Text)? mark = null)
    {
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        var runs = RunsOf(curves, logScale, logX);
        var position = mark is { } given ? MarkPosition(given.X, logX) : default(double?);
        List<LegendEntry> legend = [.. curves.Select((one, i) => new LegendEntry(one.Name, LegendKind.Line, Theme.SeriesColor(i)))];
        if (mark is { } named)
            legend.Add(new LegendEntry(ChartText.Clean(named.Text), LegendKind.DashedLine, Theme.Quiet));
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (width, height, top) =>
            Draw(runs, ChartText.Clean(xLabel), ChartText.Clean(yLabel), logScale, logX, position, width, height, top))
        {
            Text = (width, height, asciiOnly) => TerminalChart.Draw(ChartText.Clean(xLabel), ChartText.Clean(yLabel), curves, width, height, mark, (logX, logScale), asciiOnly, isScatter: false),
        };
    }

    /// <summary>Where on the axis x is.</summary>
    /// <exception cref="ArgumentException">It is nowhere there.</exception>
    public static double MarkPosition(double x, bool logX) => ChartText.IsDrawable(x) && (!logX || x > 0)
        ? logX ? Math.Log10(x) : x
        : throw new ArgumentException(FormattableString.Invariant($"The x to mark must be finite{(logX ? " and above 0, as a logarithmic scale needs," : "")} but is {x}."));

    /// <summary>The points of the curves that can be drawn.</summary>
    /// <exception cref="ArgumentException">There is no curve, or no point that can be drawn.</exception>
    public static List<List<Coordinates>>[] RunsOf(IReadOnlyList<ChartPoints> curves, bool logScale, bool logX)
    {
        ArgumentNullException.ThrowIfNull(curves);
        if (curves.Count == 0)
            throw new ArgumentException("There is no curve to draw; give at least one.", nameof(curves));
        var runs = curves.Select(curve => curve.Runs(logScale, logX)).ToArray();
        if (runs.All(one => one.Count == 0))
        {
            var names = string.Join(", ", curves.Select(one => $"'{one.Name}'"));
            throw new ArgumentException($"No point of {names} is finite{(logScale || logX ? " and above 0, as a logarithmic scale needs" : "")}.", nameof(curves));
        }
        return runs;
    }

    public static Chart Activation(Layer layer, double from, double to, string? title)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer is not (Layers.Activation or PReLU))
        {
            throw new ArgumentException(
                $"Chart.Activation expects a layer that works number by number, such as ReLU, but got {layer.GetType().Name}. Draw it with Chart.Function.", nameof(layer));
        }

        const int count = 401;
        var x = ChartPoints.Evenly(from, to, count);
        var dtype = layer.Parameters.Count > 0 ? layer.Parameters[0].DType : DType.Float64;
        // Forward mode: the derivative comes from the layer itself and leaves the gradients of its parameters alone.
        var (value, tangent) = Gradients.JacobianVectorProduct(
            inputs => layer.Forward(inputs[0]), [Tensor.From(x, (count, 1)).To(dtype)], [Tensor.Ones((count, 1), dtype)]);
        var y = value.To(DType.Float64).ToArray<double>();
        var derivative = Broken(x, tangent.To(DType.Float64).ToArray<double>());
        var name = title ?? layer.GetType().Name;
        return Create(name, [new ChartPoints("function", x, y), new ChartPoints("derivative", derivative.X, derivative.Y)], "x", "");
    }

    /// <summary>A curve with a gap where it jumps.</summary>
    private static (List<double> X, List<double> Y) Broken(double[] x, double[] y)
    {
        var result = (X: new List<double>(x.Length), Y: new List<double>(x.Length));
        for (var i = 0; i < x.Length; i++)
        {
            if (i > 0 && Math.Abs(y[i] - y[i - 1]) > Jump)
            {
                result.X.Add(double.NaN);
                result.Y.Add(double.NaN);
            }

            result.X.Add(x[i]);
            result.Y.Add(y[i]);
        }

        return result;
    }

    private static Plot Draw(List<List<Coordinates>>[] curves, string xLabel, string yLabel, bool logScale, bool logX, double? mark, int width, int height, float top)
    {
        var all = curves.SelectMany(curve => curve.SelectMany(run => run)).ToList();
        var (low, high) = LearningCurvesChart.Limits(all.Select(point => point.Y), logScale);
        // A curve that runs along 0 is not to lie on the axis.
        if (low == 0 && !logScale)
            low = -0.05 * high;
        var (first, last) = (all.Min(point => point.X), all.Max(point => point.X));
        if (mark is { } marked)
            (first, last) = (Math.Min(first, marked), Math.Max(last, marked));
        if (first == last)
            (first, last) = LearningCurvesChart.Limits([first], logScale: false);
        var bottom = height - Theme.BottomRoom;
        var yTickCount = (int)Math.Max(2, (bottom - top) / PixelsPerTick);
        var yTicks = logScale ? Ticks.Log(low, high, yTickCount) : Ticks.Linear(low, high, yTickCount);
        var left = Theme.LeftRoom(yTicks);
        var xTickCount = (int)Math.Max(2, (width - left) / (PixelsPerTick * 1.2f));
        var xTicks = logX ? Ticks.Log(first, last, xTickCount) : Ticks.Linear(first, last, xTickCount);
        var plot = Theme.NewPlot(new PixelRect(left, width - Theme.Margin - Theme.Gap, bottom, top), width, height);
        Theme.SetAxis(plot.Axes.Bottom, Theme.BottomRoom, logX ? $"{xLabel}, log scale" : xLabel, xTicks);
        Theme.SetAxis(plot.Axes.Left, left, logScale ? $"{yLabel}, log scale" : yLabel, yTicks);
        plot.Axes.SetLimits(first, last, low, high);
        if (low < 0 && high > 0 && !logScale)
            AddLine(plot, new Coordinates(first, 0), new Coordinates(last, 0), Theme.Axis, 1);
        if (first < 0 && last > 0 && !logX)
            AddLine(plot, new Coordinates(0, low), new Coordinates(0, high), Theme.Axis, 1);
        if (mark is { } x)
            plot.Add.Plottable(new DashedLine(new Coordinates(x, low), new Coordinates(x, high), Theme.Quiet));
        for (var i = 0; i < curves.Length; i++)
        {
            foreach (var run in curves[i])
            {
                var scatter = plot.Add.Scatter(run);
                scatter.Color = Theme.SeriesColor(i);
                scatter.LineWidth = 2;
                // A lone point has no line, so it needs its marker.
                scatter.MarkerSize = run.Count == 1 ? 6 : 0;
            }
        }

        return plot;
    }

    /// <summary>A straight line between two points.</summary>
    public static void AddLine(Plot plot, Coordinates start, Coordinates end, Color color, float lineWidth)
    {
        var line = plot.Add.Scatter((Coordinates[])[start, end]);
        line.Color = color;
        line.LineWidth = lineWidth;
        line.MarkerSize = 0;
    }
}
