using ScottPlot;

namespace Glia.Plots;

/// <summary>How the numbers of a <see cref="ChartImage"/> or <see cref="ChartMatrix"/> become colours. All are told apart by colour-blind readers.</summary>
public enum ImageColors
{
    /// <summary>From black (lowest) to white (highest), as in photographs.</summary>
    Gray,

    /// <summary>From dark blue to yellow (viridis), by lightness.</summary>
    Viridis,

    /// <summary>Blue below 0, white at 0, orange above: the scale is the same on both sides.</summary>
    Signed,
}

/// <summary>Colours of shares of a scale.</summary>
internal static class ImageRamp
{
    public static readonly Color NoValue = Color.FromHex("#D0D0D0");

    private static readonly ScottPlot.Colormaps.Viridis Viridis = new();

    private static readonly Color[] Diverging =
    [
        Color.FromHex("#053061"), Color.FromHex("#2166AC"), Color.FromHex("#92C5DE"), Color.FromHex("#F7F7F7"), Color.FromHex("#FDB863"), Color.FromHex("#B35806"), Color.FromHex("#5F2C04"),
    ];

    /// <summary>The colour of a share of 0…1; NaN is grey.</summary>
    public static Color At(ImageColors colors, double share)
    {
        if (double.IsNaN(share))
            return NoValue;
        share = Math.Clamp(share, 0, 1);
        if (colors == ImageColors.Gray)
        {
            var level = (byte)Math.Round(255 * share);
            return new Color(level, level, level);
        }
        if (colors == ImageColors.Viridis)
            return Viridis.GetColor(share);
        var position = share * (Diverging.Length - 1);
        var index = Math.Min((int)position, Diverging.Length - 2);
        return Diverging[index].InterpolateRgb(Diverging[index + 1], position - index);
    }

    /// <summary>The ends of the scale of numbers: around 0 for signed ones.</summary>
    public static (double Low, double High) Range(ImageColors colors, IEnumerable<double> values)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (ChartText.IsDrawable(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        if (low > high)
            return (0, 1);
        if (colors == ImageColors.Signed)
            (low, high) = (-Math.Max(Math.Abs(low), Math.Abs(high)), Math.Max(Math.Abs(low), Math.Abs(high)));
        return high > low ? (low, high) : (low - 0.5, high + 0.5);
    }
}
