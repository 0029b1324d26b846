using System.Globalization;
using System.Text;

namespace Glia.Plots;

/// <summary>Measures and fits text in terminal columns.</summary>
internal static class TerminalText
{
    public static string Ellipsis(bool asciiOnly) => asciiOnly ? "~" : "…";

    /// <summary>The text cleaned, with "?" for what an ASCII terminal cannot show, and cut with an ellipsis to a width.</summary>
    public static string Fit(string text, int width, bool asciiOnly)
    {
        var shown = ChartText.Clean(text);
        if (asciiOnly)
            shown = string.Concat(shown.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : "?"));
        if (Width(shown) <= width)
            return shown;
        var fitted = new StringBuilder();
        var used = 0;
        foreach (var rune in shown.EnumerateRunes())
        {
            used += Width(rune);
            if (used > width - 1)
                break;
            fitted.Append(rune);
        }

        return fitted.ToString().TrimEnd() + Ellipsis(asciiOnly);
    }

    /// <summary>Formulas in ASCII; what has no like there is "?".</summary>
    public static string ToAscii(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : rune.Value switch
    {
        '×' => "x",
        '·' => "*",
        '−' => "-",
        '≥' => ">",
        'α' => "a",
        'β' => "b",
        _ => "?",
    }));

    /// <summary>How many columns a text takes: two for wide East Asian characters and emoji, none for combining marks.</summary>
    public static int Width(string text) => text.EnumerateRunes().Sum(Width);

    public static string PadLeft(string text, int width) => new string(' ', Math.Max(0, width - Width(text))) + text;

    public static string PadRight(string text, int width) => text + new string(' ', Math.Max(0, width - Width(text)));

    private static int Width(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD)
            ? 2
            : 1,
    };
}
