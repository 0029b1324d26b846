using System.Xml.Linq;
using Glia.Interchange;
using Glia.Layers;
using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>
/// A chart that can be saved as PNG or SVG, any number of times and in any size. It brings its own font, so it needs none installed.
/// </summary>
public sealed class Chart
{
    private const int SmallestSize = 200;
    private const int LargestSize = 10_000;

    private readonly string _title;
    private readonly int _defaultWidth;
    private readonly int _defaultHeight;
    private readonly ChartHeader _header;
    private readonly Compose _compose;

    internal Chart(string title, int defaultWidth, int defaultHeight, IReadOnlyList<LegendEntry> legend, Compose compose)
    {
        ArgumentNullException.ThrowIfNull(title);
        _title = ChartText.Clean(title);
        _defaultWidth = defaultWidth;
        _defaultHeight = defaultHeight;
        _header = new ChartHeader(_title, legend);
        _compose = compose;
    }

    /// <summary>Builds the plot of a size whose first <paramref name="top"/> pixels belong to title and legend.</summary>
    internal delegate Plot Compose(int width, int height, float top);

    /// <summary>Values over epochs: losses or a metric of training and validation.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="yLabel">What the values are, with their unit if they have one: "loss", "accuracy", "MAE (°C)".</param>
    /// <param name="series">The curves, at most a handful. NaN, infinite values and those beyond ±1e100 are passed over.</param>
    /// <param name="bestEpoch">The epoch, from 1 on, to mark with a dashed line; null marks none.</param>
    /// <param name="logScale">A logarithmic y axis; values of 0 and less are then passed over.</param>
    /// <param name="xLabel">What is counted from 1 on: "epoch" by default, or "pass", "step".</param>
    /// <exception cref="ArgumentException">There is no series, or no value that can be drawn.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The best epoch is not among those of the series.</exception>
    public static Chart LearningCurves(
        string title, string yLabel, IReadOnlyList<ChartSeries> series, int? bestEpoch = null, bool logScale = false, string xLabel = "epoch") =>
        LearningCurvesChart.Create(title, (xLabel, yLabel), series, bestEpoch, logScale);

    /// <summary>How often each true class was predicted as each class, with the share of the true class as colour.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="counts"><c>counts[t, p]</c> is how often the true class t was predicted as p; square, none negative.</param>
    /// <exception cref="ArgumentException">
    /// There is no class, the counts are not classes × classes, or one of them is negative.
    /// </exception>
    public static Chart ConfusionMatrix(string title, IReadOnlyList<string> classNames, long[,] counts) =>
        ConfusionMatrixChart.Create(title, classNames, counts);

    /// <summary>Predicted against true values of a regression, with the diagonal on which predictions are perfect.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="quantity">What is predicted, with its unit if it has one: "price (1000 $)".</param>
    /// <param name="actual">The true values.</param>
    /// <param name="predicted">The prediction for each; pairs with NaN, infinity or values beyond ±1e100 are left out.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or no pair is finite.</exception>
    public static Chart PredictionScatter(
        string title, string quantity, IReadOnlyList<double> actual, IReadOnlyList<double> predicted) =>
        PredictionScatterChart.Create(title, quantity, actual, predicted);

    /// <summary>Curves y over x.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="curves">The curves, at most a handful; <see cref="ChartPoints.Of"/> makes one of a function.</param>
    /// <param name="xLabel">What x is; may be empty.</param>
    /// <param name="yLabel">What y is; may be empty.</param>
    /// <param name="logScale">A logarithmic y axis; values of 0 and less then count as no value.</param>
    /// <param name="logX">The same for the x axis; with both, a power of x is a straight line.</param>
    /// <param name="mark">The x to mark with a dashed line, and what the legend says of it; null marks none.</param>
    /// <exception cref="ArgumentException">There is no curve, or no point that can be drawn.</exception>
    public static Chart Function(
        string title, IReadOnlyList<ChartPoints> curves, string xLabel = "x", string yLabel = "y", bool logScale = false, bool logX = false, (double X, string Text)? mark = null) =>
        FunctionChart.Create(title, curves, xLabel, yLabel, logScale, logX, mark);

    /// <summary>An activation function and its derivative, which comes from the layer itself by automatic differentiation.</summary>
    /// <param name="layer">A layer that works number by number: an <see cref="Layers.Activation"/> or <see cref="PReLU"/> with one slope.</param>
    /// <param name="from">The first x; −5 by default.</param>
    /// <param name="to">The last x; 5 by default.</param>
    /// <param name="title">The title; the layer's name by default.</param>
    /// <exception cref="ArgumentException">The layer does not work number by number, or the interval is empty.</exception>
    public static Chart Activation(Layer layer, double from = -5, double to = 5, string? title = null) =>
        FunctionChart.Activation(layer, from, to, title);

    /// <summary>
    /// A linear classifier of the plane: the samples, the line w·x + b = 0, each side of it shaded in the colour of the class predicted there, and w,
    /// which points to the side where w·x + b &gt; 0. One unit is as long on both axes, so distances from the line can be read off.
    /// </summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="classes">The samples of the class with w·x + b &lt; 0, then those of the other.</param>
    /// <param name="weights">w, two numbers.</param>
    /// <param name="bias">b.</param>
    /// <param name="xLabel">What the first feature is.</param>
    /// <param name="yLabel">What the second feature is.</param>
    /// <exception cref="ArgumentException">There are not two classes and two weights, a weight is not finite, or no point is.</exception>
    public static Chart DecisionLine(
        string title, IReadOnlyList<ChartPoints> classes, IReadOnlyList<double> weights, double bias, string xLabel = "x₁", string yLabel = "x₂") =>
        DecisionLineChart.Create(title, classes, weights, bias, xLabel, yLabel);

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

    /// <summary>Saves the chart as PNG; the file is complete or the path is as it was.</summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="width">In pixels, 200 to 10,000. By default 900, for a confusion matrix 720, for a scatter or a decision line 680, for a surface 680, for functions 640, for bars 720.</param>
    /// <param name="height">In pixels, 200 to 10,000. By default 540, for a confusion matrix 720, for a scatter 715, for a decision line 640, for a surface 620, for functions 440, for bars 360.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path, int? width = null, int? height = null)
    {
        var png = ToPng(width, height);
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    /// <summary>Saves the chart as SVG; the file is complete or the path is as it was.</summary>
    /// <inheritdoc cref="SavePng"/>
    public void SaveSvg(string path, int? width = null, int? height = null)
    {
        var svg = System.Text.Encoding.UTF8.GetBytes(ToSvg(width, height));
        AtomicFile.Write(path, stream => stream.Write(svg));
    }

    /// <summary>The bytes of the chart as a PNG file.</summary>
    /// <param name="width">In pixels, as for <see cref="SavePng"/>.</param>
    /// <param name="height">In pixels, as for <see cref="SavePng"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public byte[] ToPng(int? width = null, int? height = null)
    {
        var (w, h) = CheckSize(width, height);
        using var surface = SKSurface.Create(new SKImageInfo(w, h, SKColorType.Rgba8888, SKAlphaType.Premul))
            ?? throw new InsufficientMemoryException($"There is no memory for an image of {w} × {h} pixels; choose a smaller size.");
        Render(surface.Canvas, w, h);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    /// <summary>The chart as an SVG document without XML declaration, ready to be put into an HTML page.</summary>
    /// <inheritdoc cref="ToPng"/>
    public string ToSvg(int? width = null, int? height = null)
    {
        var (w, h) = CheckSize(width, height);
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, w, h), stream))
            Render(canvas, w, h);
        stream.Position = 0;
        return SvgPolish.Apply(XDocument.Load(stream), _title, w, h);
    }

    private void Render(SKCanvas canvas, int width, int height)
    {
        using var plot = _compose(width, height, _header.Height(width));
        // ScottPlot draws the first time twice, to settle its layout; in an SVG both would stay.
        using (var nowhere = new SKNoDrawCanvas(width, height))
            plot.Render(nowhere, width, height);
        plot.Render(canvas, width, height);
        _header.Draw(canvas, width);
    }

    private (int Width, int Height) CheckSize(int? width, int? height)
    {
        var (w, h) = (width ?? _defaultWidth, height ?? _defaultHeight);
        if (w is < SmallestSize or > LargestSize)
            throw new ArgumentOutOfRangeException(nameof(width), $"The width is {w} pixels; it must be {SmallestSize} to {LargestSize}.");
        if (h is < SmallestSize or > LargestSize)
            throw new ArgumentOutOfRangeException(nameof(height), $"The height is {h} pixels; it must be {SmallestSize} to {LargestSize}.");
        return (w, h);
    }
}
