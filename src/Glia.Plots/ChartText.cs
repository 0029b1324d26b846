using System.Globalization;
using System.Text;

namespace Glia.Plots;

/// <summary>Texts from users made fit for charts.</summary>
internal static class ChartText
{
    /// <summary>On one line, without control characters or lone surrogates, which neither SVG nor a terminal can show safely.</summary>
    public static string Clean(string text)
    {
        var cleaned = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var isBlank = Rune.IsWhiteSpace(rune) || category is UnicodeCategory.Control or UnicodeCategory.Format;
            if (!isBlank && rune.Value is not (0xFFFE or 0xFFFF))
                cleaned.Append(rune);
            else if (cleaned.Length > 0 && cleaned[^1] != ' ')
                cleaned.Append(' ');
        }

        return cleaned.ToString().TrimEnd();
    }

    /// <summary>Whether a value can be drawn: finite, and not so large that the arithmetic of axes would overflow.</summary>
    public static bool IsDrawable(double value) => Math.Abs(value) <= 1e100;

    /// <summary>A share of 0…1 in whole per cent; what is not quite none or all does not round to it.</summary>
    public static string Percent(double share) => share switch
    {
        > 0 and < 0.005 => "<1 %",
        >= 0.995 and < 1 => ">99 %",
        _ => (100 * share).ToString("F0", CultureInfo.InvariantCulture) + " %",
    };

    /// <summary>The text, or its beginning and an ellipsis when it is too wide.</summary>
    public static string Fit(string text, float fontSize, float width)
    {
        if (ChartFont.Width(text, fontSize) <= width)
            return text;
        var runes = text.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        var kept = runes.Count;
        string fitted;
        do
        {
            kept--;
            fitted = string.Concat(runes.Take(kept)).TrimEnd() + "…";
        }
        while (kept > 0 && ChartFont.Width(fitted, fontSize) > width);

        return fitted;
    }
}
