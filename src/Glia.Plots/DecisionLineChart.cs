using ScottPlot;

namespace Glia.Plots;

internal static class DecisionLineChart
{
    private const int DefaultWidth = 680;
    private const int DefaultHeight = 640;
    private const int MostPoints = 5_000;
    private const float PixelsPerTick = 60;
    private const double Shade = 0.1;

    public static Chart Create(
        string title, IReadOnlyList<ChartPoints> classes, IReadOnlyList<double> weights, double bias, string xLabel, string yLabel)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        if (classes.Count != 2)
            throw new ArgumentException($"A line has two sides, so there must be two classes, the one with w·x + b < 0 first, but there are {classes.Count}.", nameof(classes));
        if (weights.Count != 2)
            throw new ArgumentException($"A line in the plane has two weights, but there are {weights.Count}.", nameof(weights));
        if (!weights.Append(bias).All(ChartText.IsDrawable))
            throw new ArgumentException("The weights and the bias must be finite numbers.", nameof(weights));
        var points = classes.Select(one => ChartPoints.Thinned(one.Drawable(), MostPoints)).ToArray();
        if (points.All(one => one.Length == 0))
            throw new ArgumentException("There is no finite point to draw.", nameof(classes));

        var line = new HalfPlane(weights[0], weights[1], bias);
        LegendEntry[] legend =
        [
            .. classes.Select((one, i) => new LegendEntry(one.Name, LegendKind.Marker, Theme.SeriesColor(i), Marker(i))),
            new LegendEntry(line.IsWholePlane ? "no line: w = 0" : OnlySide(line, points) is { } side ? $"w·x + b = 0, all points on the side of {classes[side].Name}" : "w·x + b = 0", LegendKind.Line, Theme.Text),
        ];
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (width, height, top) =>
            Draw(points, line, ChartText.Clean(xLabel), ChartText.Clean(yLabel), new PixelSize(width, height), top))
        {
            Text = (width, height, asciiOnly) =>
            [
                .. TerminalChart.Scatter(ChartText.Clean(xLabel), ChartText.Clean(yLabel), classes, width, height, asciiOnly),
                FormattableString.Invariant($"{classes[1].Name} where {weights[0]:G4}·x + {weights[1]:G4}·y + {bias:G4} ≥ 0"),
            ],
        };
    }

    /// <summary>The class whose side all points are on, wherever the line is; null if the line passes between points.</summary>
    private static int? OnlySide(HalfPlane line, Coordinates[][] points) => points.SelectMany(one => one).Select(line.Contains).Distinct().ToArray() is [var isUpper] ? (isUpper ? 1 : 0) : null;

    private static MarkerShape Marker(int side) => side == 0 ? MarkerShape.FilledCircle : MarkerShape.FilledTriangleUp;

    private static Plot Draw(Coordinates[][] classes, HalfPlane line, string xLabel, string yLabel, PixelSize size, float top)
    {
        var all = classes.SelectMany(one => one).ToList();
        var data = new AxisLimits(
            all.Min(point => point.X), all.Max(point => point.X), all.Min(point => point.Y), all.Max(point => point.Y));
        var bottom = size.Height - Theme.BottomRoom;
        var right = size.Width - Theme.Margin - Theme.Gap;
        var yTickCount = (int)Math.Max(2, (bottom - top) / PixelsPerTick);
        // The room for tick labels depends on the limits, and these on the room that is left: twice is enough.
        var left = Theme.LeftRoom(Ticks.Linear(data.Bottom - 1, data.Top + 1, yTickCount));
        left = Math.Max(left, Theme.LeftRoom(YTicks(Widened(data, right - left, bottom - top), yTickCount)));
        var view = Widened(data, right - left, bottom - top);
        var plot = Theme.NewPlot(new PixelRect(left, right, bottom, top), (int)size.Width, (int)size.Height);
        Theme.SetAxis(plot.Axes.Bottom, Theme.BottomRoom, xLabel, Ticks.Linear(view.Left, view.Right, (int)Math.Max(2, (right - left) / PixelsPerTick)));
        Theme.SetAxis(plot.Axes.Left, left, yLabel, YTicks(view, yTickCount));
        plot.Axes.SetLimits(view);
        if (!line.IsWholePlane)
            AddSides(plot, line, view);
        const double opaque = 0.85;
        const double seeThrough = 0.35;
        const int manyPoints = 1_000;
        for (var i = 0; i < classes.Length; i++)
        {
            if (classes[i].Length > 0)
                plot.Add.Markers(classes[i], Marker(i), 8, Theme.SeriesColor(i).WithAlpha(all.Count < manyPoints ? opaque : seeThrough));
        }

        if (!line.IsWholePlane)
            AddLineAndNormal(plot, line, view);
        return plot;
    }

    private static Ticks YTicks(AxisLimits view, int most) => Ticks.Linear(view.Bottom, view.Top, most);

    /// <summary>Limits with some room around the data, and one unit as long on both axes, so that w stands at a right angle on its line.</summary>
    private static AxisLimits Widened(AxisLimits data, float width, float height)
    {
        const double room = 1.12;
        var smallest = Math.Max(1e-9, 1e-9 * Math.Max(Math.Abs(data.HorizontalCenter), Math.Abs(data.VerticalCenter)));
        var unitsPerPixel = room * Math.Max(smallest, Math.Max(data.HorizontalSpan / width, data.VerticalSpan / height));
        var (x, y) = (unitsPerPixel * width / 2, unitsPerPixel * height / 2);
        return new AxisLimits(data.HorizontalCenter - x, data.HorizontalCenter + x, data.VerticalCenter - y, data.VerticalCenter + y);
    }

    /// <summary>Each side of the line in the colour of its class.</summary>
    private static void AddSides(Plot plot, HalfPlane line, AxisLimits view)
    {
        HalfPlane[] sides = [line.Opposite, line];
        for (var i = 0; i < sides.Length; i++)
        {
            var corners = sides[i].Within(view);
            if (corners.Count < 3)
                continue;
            var side = plot.Add.Polygon(corners.ToArray());
            side.FillColor = Theme.SeriesColor(i).WithAlpha(Shade);
            side.LineWidth = 0;
        }
    }

    /// <summary>The line, and from its middle the direction of w, which points to the side of class 1.</summary>
    private static void AddLineAndNormal(Plot plot, HalfPlane line, AxisLimits view)
    {
        if (line.Segment(view) is not var (start, end))
            return;
        FunctionChart.AddLine(plot, start, end, Theme.Text, 2);
        const double lengthShare = 0.13;
        var length = lengthShare * Math.Min(view.HorizontalSpan, view.VerticalSpan);
        var foot = new Coordinates((start.X + end.X) / 2, (start.Y + end.Y) / 2);
        var tip = new Coordinates(foot.X + (length * line.NormalX), foot.Y + (length * line.NormalY));
        var arrow = plot.Add.Arrow(foot, tip);
        arrow.ArrowFillColor = Theme.Text;
        arrow.ArrowLineWidth = 0;
        arrow.ArrowWidth = 2;
        arrow.ArrowheadWidth = 9;
        arrow.ArrowheadLength = 11;
        const double beyond = 1.3;
        var label = plot.Add.Text("w", foot.X + (beyond * length * line.NormalX), foot.Y + (beyond * length * line.NormalY));
        label.LabelFontName = ChartFont.Name;
        label.LabelFontSize = Theme.LabelFontSize;
        label.LabelFontColor = Theme.Text;
        label.LabelAlignment = Alignment.MiddleCenter;
        label.LabelBackgroundColor = Colors.White.WithAlpha(0.8);
        label.LabelPadding = 2;
    }

    /// <summary>The points with w·x + b ≥ 0.</summary>
    private sealed record HalfPlane(double W1, double W2, double Bias)
    {
        private double Norm => double.Hypot(W1, W2);

        public bool IsWholePlane => Norm == 0;

        public double NormalX => W1 / Norm;

        public double NormalY => W2 / Norm;

        public HalfPlane Opposite => new(-W1, -W2, -Bias);

        /// <summary>The corners of what is in the view, in order around it; none if nothing is.</summary>
        public List<Coordinates> Within(AxisLimits view)
        {
            Coordinates[] corners = [new(view.Left, view.Bottom), new(view.Right, view.Bottom), new(view.Right, view.Top), new(view.Left, view.Top)];
            var result = new List<Coordinates>();
            for (var i = 0; i < corners.Length; i++)
            {
                var (a, b) = (corners[i], corners[(i + 1) % corners.Length]);
                if (Distance(a) >= 0)
                    result.Add(a);
                if (Crossing(a, b) is { } crossing)
                    result.Add(crossing);
            }

            return result;
        }

        /// <summary>Where the line enters and leaves the view; null if it does not cross it.</summary>
        public (Coordinates Start, Coordinates End)? Segment(AxisLimits view)
        {
            var crossings = Within(view).Where(point => Math.Abs(Distance(point)) < 1e-9 * (view.HorizontalSpan + view.VerticalSpan)).ToList();
            return crossings is [var start, .., var end] ? (start, end) : null;
        }

        public bool Contains(Coordinates point) => Distance(point) >= 0;

        private double Distance(Coordinates point) => (NormalX * point.X) + (NormalY * point.Y) + (Bias / Norm);

        private Coordinates? Crossing(Coordinates a, Coordinates b)
        {
            var (from, to) = (Distance(a), Distance(b));
            if (from * to >= 0)
                return null;
            var share = from / (from - to);
            return new Coordinates(a.X + (share * (b.X - a.X)), a.Y + (share * (b.Y - a.Y)));
        }
    }
}
