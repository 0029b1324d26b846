using System.Text;

namespace Glia.Plots;

/// <summary>Values over a grid as characters of growing darkness.</summary>
internal static class TerminalShades
{
    private const string Shades = " .:-=+*#%@";

    /// <summary>The grid in so many columns and lines, the means of what falls into each character; NaN is "?".</summary>
    public static List<string> Lines(double[,] values, double low, double high, int width, int height)
    {
        var (rows, columns) = (values.GetLength(0), values.GetLength(1));
        (width, height) = (Math.Max(1, width), Math.Max(1, height));
        var lines = new List<string>();
        for (var line = 0; line < height; line++)
        {
            var text = new StringBuilder();
            for (var place = 0; place < width; place++)
            {
                var mean = Mean(values, Range(line, height, rows), Range(place, width, columns));
                var share = high > low ? (mean - low) / (high - low) : 0.5;
                text.Append(double.IsNaN(mean) ? '?' : Shades[(int)Math.Round(Math.Clamp(share, 0, 1) * (Shades.Length - 1))]);
            }
            lines.Add(text.ToString());
        }
        return lines;
    }

    /// <summary>What the darkest and the lightest character mean.</summary>
    public static string Legend(double low, double high) => FormattableString.Invariant($"'{Shades[0]}' {low:G3} to '{Shades[^1]}' {high:G3}");

    private static (int From, int To) Range(int place, int places, int count)
    {
        var from = (int)((long)place * count / places);
        return (from, Math.Max(from + 1, (int)((place + 1L) * count / places)));
    }

    private static double Mean(double[,] values, (int From, int To) rows, (int From, int To) columns)
    {
        var (sum, count) = (0.0, 0);
        for (var row = rows.From; row < rows.To; row++)
        {
            for (var column = columns.From; column < columns.To; column++)
            {
                if (!double.IsNaN(values[row, column]))
                    (sum, count) = (sum + values[row, column], count + 1);
            }
        }
        return count == 0 ? double.NaN : sum / count;
    }
}
