using System.Numerics;
using Glia.Layers;

namespace Glia.Plots;

public sealed partial class Chart
{
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

    /// <summary>Small pictures in rows: filters, feature maps, patches, what a class depends on.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="images">The pictures, at most 400.</param>
    /// <param name="colors">How numbers become colours, unless a picture says otherwise; grey by default. All share one scale.</param>
    /// <param name="perRow">How many stand in a row; 0 (the default) for as many as look well.</param>
    /// <param name="valueLabel">What the numbers are: then the bar of colours is drawn. Empty (the default) for none.</param>
    /// <exception cref="ArgumentException">There is no picture, or there are too many.</exception>
    public static Chart Images(string title, IReadOnlyList<ChartImage> images, ImageColors colors = ImageColors.Gray, int perRow = 0, string valueLabel = "") =>
        ImagesChart.Create(title, images, colors, perRow, valueLabel);

    /// <summary>Numbers by unit and step as colours, one part below the other over the same steps: the gates and states of a recurrent layer, for example.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="parts">The parts, all of the same number of steps. Numbers below 0 make a part blue below and orange above 0, else it is viridis.</param>
    /// <param name="xLabel">What the steps are.</param>
    /// <param name="yLabel">What the rows are; may be empty.</param>
    /// <param name="stepNames">A name for each step, such as the characters of a text; their numbers from 1 on by default.</param>
    /// <exception cref="ArgumentException">There are no parts, or the numbers of steps differ.</exception>
    public static Chart Matrices(string title, IReadOnlyList<ChartMatrix> parts, string xLabel = "time step", string yLabel = "unit", IReadOnlyList<string>? stepNames = null) =>
        MatricesChart.Create(title, parts, xLabel, yLabel, stepNames);

    /// <summary>Eigenvalues in the complex plane, with the unit circle: within it the powers of a matrix vanish, beyond it they explode.</summary>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="groups">The eigenvalues of one or several matrices, with their names.</param>
    /// <exception cref="ArgumentException">There is no group, or one has no eigenvalues or some that are not finite.</exception>
    public static Chart Eigenvalues(string title, IReadOnlyList<(string Name, IReadOnlyList<Complex> Values)> groups) => EigenvalueChart.Create(title, groups);
}
