using ScottPlot;

namespace Glia.Plots;

/// <summary>Blues from nearly white to dark, ordered by lightness alone: colour-blind readers and grey prints lose nothing.</summary>
internal static class ColorRamp
{
    private static readonly Color[] Stops =
    [
        Color.FromHex("#F7FBFF"), Color.FromHex("#C6DBEF"), Color.FromHex("#6BAED6"), Color.FromHex("#2171B5"), Color.FromHex("#08306B"),
    ];

    /// <summary>The colour of a share of 0…1.</summary>
    public static Color At(double share)
    {
        var position = Math.Clamp(share, 0, 1) * (Stops.Length - 1);
        var index = Math.Min((int)position, Stops.Length - 2);
        return Stops[index].InterpolateRgb(Stops[index + 1], position - index);
    }

    /// <summary>Black or white, whichever reads better on the colour of this share.</summary>
    public static Color TextOn(double share) => share > 0.55 ? Colors.White : Theme.Text;
}
