namespace Glia.Plots;

public sealed partial class Chart
{
    /// <summary>Values over epochs: losses or a metric of training and validation.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="yLabel">What the values are, with their unit if they have one: "loss", "accuracy", "MAE (°C)".</param>
    /// <param name="series">The curves, at most a handful. NaN, infinite values and those beyond ±1e100 are passed over.</param>
    /// <param name="bestEpoch">The epoch, from 1 on, to mark with a dashed line; null marks none.</param>
    /// <param name="logScale">A logarithmic y axis; values of 0 and less are then passed over.</param>
    /// <param name="xLabel">What is counted from 1 on: "epoch" by default, or "pass", "step".</param>
    /// <param name="logX">A logarithmic x axis; false by default.</param>
    /// <param name="smoothing">
    /// The weight w of the past in an exponential moving average s ← w·s + (1 − w)·y, corrected for its start, from 0 (none, the default) to below 1; the values themselves are
    /// drawn faintly behind it.
    /// </param>
    /// <exception cref="ArgumentException">There is no series, or no value that can be drawn.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The best epoch is not among those of the series, or the smoothing is out of range.</exception>
    public static Chart LearningCurves(
        string title, string yLabel, IReadOnlyList<ChartSeries> series, int? bestEpoch = null, bool logScale = false, string xLabel = "epoch", bool logX = false, double smoothing = 0) =>
        LearningCurvesChart.Create(title, (xLabel, yLabel), series, bestEpoch, logScale, logX, smoothing);

    /// <summary>
    /// Values over the plane, as colours with lines of equal value at the ticks of the colour bar: the loss around the weights, for example. The colours (viridis) are ordered by
    /// lightness, which colour-blind readers see too.
    /// </summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="grid">The values and where they are.</param>
    /// <param name="xLabel">What x is; may be empty.</param>
    /// <param name="yLabel">What y is; may be empty.</param>
    /// <param name="valueLabel">What the values are; may be empty.</param>
    /// <param name="logScale">A logarithmic scale of colours; values of 0 and less then count as no value.</param>
    /// <param name="mark">The point to mark with a cross, and what the legend says of it; null marks none.</param>
    /// <exception cref="ArgumentException">No value can be drawn, or the point to mark is not on the grid.</exception>
    public static Chart Surface(
        string title, ChartGrid grid, string xLabel = "α", string yLabel = "β", string valueLabel = "loss", bool logScale = false, (double X, double Y, string Text)? mark = null) =>
        SurfaceChart.Create(title, grid, (xLabel, yLabel, valueLabel), logScale, mark);

    /// <summary>
    /// Parallel coordinates: an upright axis for each setting and one for the score, and a line for each trial, the darker the better its rank; the best stands out.
    /// </summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="axes">The settings, at most a dozen.</param>
    /// <param name="lines">For each trial its values, one for each axis; of categories their index. Those off their axis are passed over.</param>
    /// <param name="scoreLabel">What the score is.</param>
    /// <param name="scores">The score of each trial; NaN, infinite values and those beyond ±1e100 are passed over.</param>
    /// <param name="lowerIsBetter">Whether the lowest score is the best; true by default.</param>
    /// <exception cref="ArgumentException">The numbers of axes, values and scores do not fit, or there is no line to draw.</exception>
    public static Chart ParallelCoordinates(
        string title, IReadOnlyList<ParallelAxis> axes, IReadOnlyList<IReadOnlyList<double>> lines, string scoreLabel, IReadOnlyList<double> scores, bool lowerIsBetter = true) =>
        ParallelCoordinatesChart.Create(title, axes, lines, scoreLabel, scores, lowerIsBetter);

    /// <summary>Level bars with their names, the longest on top.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="names">What each bar is.</param>
    /// <param name="values">How long each bar is, finite and not negative.</param>
    /// <param name="xLabel">What the length is; may be empty.</param>
    /// <exception cref="ArgumentException">There is no bar, the lists differ in length, or a value is negative or not finite.</exception>
    public static Chart Bars(string title, IReadOnlyList<string> names, IReadOnlyList<double> values, string xLabel = "") =>
        BarChart.Create(title, names, values, xLabel);

    /// <summary>Plots side by side over the same axes, so that heights compare: the loss at three learning rates, for example.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="panels">The plots, 1 to 12; from five on in two rows or more.</param>
    /// <param name="xLabel">What x is.</param>
    /// <param name="yLabel">What y is.</param>
    /// <param name="logScale">A logarithmic y axis; values of 0 and less then count as no value.</param>
    /// <param name="highest">Where the y axis ends, so that a curve that runs away leaves the others their room; null (the default) for the largest value.</param>
    /// <exception cref="ArgumentException">There are no panels or too many, one has nothing that can be drawn, or all values lie above the highest.</exception>
    public static Chart Panels(string title, IReadOnlyList<ChartPanel> panels, string xLabel = "step", string yLabel = "loss", bool logScale = false, double? highest = null) =>
        PanelsChart.Create(title, panels, xLabel, yLabel, logScale, highest);

    /// <summary>How numbers are distributed over time, as ridges: weights, gradients or activations of layers, a panel for each, the first step on top.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="panels">The numbers, 1 to 12 kinds.</param>
    /// <param name="xLabel">What the numbers are; may be empty.</param>
    /// <exception cref="ArgumentException">There are no panels or too many, or one has no steps, or a histogram no counts.</exception>
    public static Chart Histograms(string title, IReadOnlyList<ChartHistograms> panels, string xLabel = "value") => HistogramsChart.Create(title, panels, xLabel);
}
