using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>What a classifier says at every point of the plane, with samples over it.</summary>
internal static class DecisionBoundaryChart
{
    private const int DefaultWidth = 720;
    private const int DefaultHeight = 620;
    private const int Side = 140;
    private const int MostPoints = 3_000;
    private const double Room = 0.08;

    // How strong the colour of a class is where the model guesses, and where it is sure.
    private const double Faint = 0.1;
    private const double Strong = 0.42;

    public static Chart Create(string title, IReadOnlyList<ChartPoints> classes, Func<Tensor, Tensor> probabilities, string xLabel, string yLabel)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        if (classes.Count is < 2 or > 8)
            throw new ArgumentException($"A decision boundary is drawn between 2 to 8 classes, but there are {classes.Count}.", nameof(classes));
        var points = classes.Select(c => ChartPoints.Thinned(c.Drawable(), MostPoints)).ToArray();
        Coordinates[] all = [.. points.SelectMany(p => p)];
        if (all.Length == 0)
            throw new ArgumentException("There is no finite point to draw.", nameof(classes));
        var (x, y) = (Widened([.. all.Select(p => p.X)]), Widened([.. all.Select(p => p.Y)]));
        var scores = Scores(probabilities, classes.Count, x, y);
        List<LegendEntry> legend = [.. classes.Select((c, i) => new LegendEntry(c.Name, LegendKind.Marker, Theme.SeriesColor(i), Theme.SeriesMarker(i)))];
        legend.Add(new("the stronger the colour, the surer the model", LegendKind.Patch, Theme.Quiet.WithAlpha(0.3)));
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (pen, width, height, top) =>
        {
            var area = PlotArea.Draw(
                pen, new SKRect(Theme.Margin, top, width - Theme.Margin, height - Theme.Gap),
                new(ChartText.Clean(xLabel), x.Low, x.High) { HasGrid = false }, new(ChartText.Clean(yLabel), y.Low, y.High) { HasGrid = false });
            DrawGround(pen, area.Data, scores, classes.Count);
            for (var i = 0; i < points.Length; i++)
            {
                foreach (var point in points[i])
                {
                    pen.Marker(Theme.SeriesMarker(i), area.At(point.X, point.Y), 8.5f, Colors.White);
                    pen.Marker(Theme.SeriesMarker(i), area.At(point.X, point.Y), 7, Theme.SeriesColor(i));
                }
            }
            pen.Frame(area.Data, Theme.Axis, 0.5f);
        })
        {
            Text = (width, height, asciiOnly) => Write(scores, classes, (x, y), ChartText.Clean($"{xLabel} × {yLabel}"), width, height, asciiOnly),
        };
    }

    private static (double Low, double High) Widened(double[] values)
    {
        var (low, high) = (values.Min(), values.Max());
        var room = high > low ? Room * (high - low) : Math.Max(1e-9, 0.1 * Math.Abs(low));
        return (low - room, high + room);
    }

    /// <summary>The probability of each class at the points of a grid, the first row at the bottom.</summary>
    private static double[,,] Scores(Func<Tensor, Tensor> probabilities, int classes, (double Low, double High) x, (double Low, double High) y)
    {
        var inputs = new float[Side * Side * 2];
        for (var i = 0; i < Side * Side; i++)
        {
            inputs[2 * i] = (float)(x.Low + ((x.High - x.Low) * (i % Side) / (Side - 1)));
            inputs[(2 * i) + 1] = (float)(y.Low + ((y.High - y.Low) * (i / Side) / (Side - 1)));
        }
        var outputs = probabilities(Tensor.From(inputs, (Side * Side, 2)));
        if (outputs.Shape != (Side * Side, classes))
            throw new ArgumentException($"The probabilities of {classes} classes at {Side * Side} points should be ({Side * Side}, {classes}), but got {outputs.Shape}.", nameof(probabilities));
        var values = outputs.Detach().To(DType.Float64).AsSpan<double>();
        var scores = new double[Side, Side, classes];
        for (var i = 0; i < values.Length; i++)
            scores[i / classes / Side, i / classes % Side, i % classes] = values[i];
        return scores;
    }

    private static void DrawGround(SkiaPen pen, SKRect rect, double[,,] scores, int classes)
    {
        var (width, height) = ((int)rect.Width, (int)rect.Height);
        var winners = new int[height, width];
        var shares = new double[height, width];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
                (winners[row, column], shares[row, column]) = Winner(scores, classes, (column + 0.5) / width, 1 - ((row + 0.5) / height));
        }
        pen.Bitmap(rect, width, height, (column, row) =>
        {
            var winner = winners[row, column];
            var isBorder = (column + 1 < width && winners[row, column + 1] != winner) || (row + 1 < height && winners[row + 1, column] != winner)
                || (column > 0 && winners[row, column - 1] != winner);
            // In 12 steps, which the eye does not see and a file holds in a fraction of the bytes.
            var sure = Math.Round(12 * Math.Clamp((shares[row, column] - (1.0 / classes)) / (1 - (1.0 / classes)), 0, 1)) / 12;
            return isBorder ? Theme.Text : Colors.White.InterpolateRgb(Theme.SeriesColor(winner), Faint + ((Strong - Faint) * sure));
        });
    }

    /// <summary>The most probable class between the points of the grid, by linear interpolation, and its probability.</summary>
    private static (int Class, double Share) Winner(double[,,] scores, int classes, double x, double y)
    {
        var (column, row) = (x * (Side - 1), y * (Side - 1));
        var (c, r) = (Math.Min((int)column, Side - 2), Math.Min((int)row, Side - 2));
        var (right, up) = (column - c, row - r);
        var best = (Class: 0, Share: double.NegativeInfinity);
        for (var k = 0; k < classes; k++)
        {
            var share = ((1 - up) * (((1 - right) * scores[r, c, k]) + (right * scores[r, c + 1, k]))) + (up * (((1 - right) * scores[r + 1, c, k]) + (right * scores[r + 1, c + 1, k])));
            if (share > best.Share)
                best = (k, share);
        }
        return best;
    }

    /// <summary>A letter for each place: the class that the model predicts there.</summary>
    private static List<string> Write(
        double[,,] scores, IReadOnlyList<ChartPoints> classes, ((double Low, double High) X, (double Low, double High) Y) limits, string axes, int width, int height, bool asciiOnly)
    {
        const string Letters = "abcdefgh";
        var (columns, rows) = (Math.Min(width, 72), Math.Max(8, height - 2 - classes.Count));
        List<string> lines = [FormattableString.Invariant($"{axes}: {limits.X.Low:G3} to {limits.X.High:G3} × {limits.Y.Low:G3} to {limits.Y.High:G3}")];
        for (var row = 0; row < rows; row++)
            lines.Add(string.Concat(Enumerable.Range(0, columns).Select(c => Letters[Winner(scores, classes.Count, (c + 0.5) / columns, 1 - ((row + 0.5) / rows)).Class])));
        lines.AddRange(classes.Select((c, i) => $"{Letters[i]} = {TerminalText.Fit(c.Name, width - 4, asciiOnly)}"));
        return lines;
    }
}
