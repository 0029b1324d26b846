using ScottPlot;
using ScottPlot.TickGenerators;

namespace Glia.Plots;

/// <summary>The look that all charts share: white ground, quiet grid, colours that colour-blind readers tell apart.</summary>
internal static class Theme
{
    public const float TickFontSize = 12;
    public const float LabelFontSize = 13;
    public const float TitleFontSize = 17;
    public const float Margin = 20;
    public const float Gap = 8;

    public static readonly Color Text = Color.FromHex("#2B2B2B");
    public static readonly Color Quiet = Color.FromHex("#6E6E6E");
    public static readonly Color Axis = Color.FromHex("#9A9A9A");
    public static readonly Color Grid = Color.FromHex("#E8E8E8");

    // Okabe and Ito's palette; yellow, weak on white, comes last.
    private static readonly Color[] Palette =
    [
        Color.FromHex("#0072B2"), Color.FromHex("#D55E00"), Color.FromHex("#009E73"), Color.FromHex("#CC79A7"),
        Color.FromHex("#56B4E9"), Color.FromHex("#E69F00"), Color.FromHex("#000000"), Color.FromHex("#F0E442"),
    ];

    private static readonly MarkerShape[] Markers =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];

    public static Color SeriesColor(int index) => Palette[index % Palette.Length];

    public static MarkerShape SeriesMarker(int index) => Markers[index % Markers.Length];

    /// <summary>An empty plot in this look, with the data area in <paramref name="data"/>.</summary>
    public static Plot NewPlot(PixelRect data, int width, int height)
    {
        _ = ChartFont.Typeface;
        var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.Axes.Top.IsVisible = false;
        plot.Axes.Right.IsVisible = false;
        plot.Grid.MajorLineColor = Grid;
        plot.Legend.IsVisible = false;
        plot.Layout.Fixed(new PixelPadding(data.Left, width - data.Right, height - data.Bottom, data.Top));
        return plot;
    }

    public static void SetAxis(IAxis axis, float room, string label, Ticks ticks)
    {
        // The label stands at the outer edge of its panel, clear of the tick labels however long they are.
        axis.MinimumSize = axis.MaximumSize = room - Margin + (LabelFontSize / 2);
        axis.TickGenerator = new NumericManual(ticks.Positions, ticks.Labels);
        axis.FrameLineStyle.Color = Axis;
        axis.MajorTickStyle.Color = Axis;
        axis.TickLabelStyle.FontName = ChartFont.Name;
        axis.TickLabelStyle.FontSize = TickFontSize;
        axis.TickLabelStyle.ForeColor = Text;
        axis.Label.Text = label;
        axis.Label.FontName = ChartFont.Name;
        axis.Label.FontSize = LabelFontSize;
        axis.Label.Bold = false;
        axis.Label.ForeColor = Text;
    }

    /// <summary>The room left of the data area for tick labels and the axis label.</summary>
    public static float LeftRoom(Ticks ticks) =>
        Margin + LabelFontSize + Gap + ticks.Labels.Select(label => ChartFont.Width(label, TickFontSize)).DefaultIfEmpty().Max() + Gap;

    /// <summary>The room below the data area for one line of tick labels and the axis label.</summary>
    public const float BottomRoom = TickFontSize + LabelFontSize + (3 * Gap) + Margin - 6;
}
