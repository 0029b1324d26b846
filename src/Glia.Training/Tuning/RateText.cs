using System.Globalization;

namespace Glia.Training;

/// <summary>Numbers as the tuner's sentences write them.</summary>
internal static class RateText
{
    public static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    /// <summary>A rate of at most two digits, as people choose them.</summary>
    public static double Rounded(double rate) => double.Parse(rate.ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
