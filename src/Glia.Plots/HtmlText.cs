using System.Globalization;
using System.Text;

namespace Glia.Plots;

/// <summary>Texts as they may stand in HTML and XML.</summary>
internal static class HtmlText
{
    /// <summary>Encodes what has a meaning in HTML; what no document may hold (control characters, halves of surrogate pairs) becomes U+FFFD.</summary>
    public static string Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&': result.Append("&amp;"); break;
                case '<': result.Append("&lt;"); break;
                case '>': result.Append("&gt;"); break;
                case '"': result.Append("&quot;"); break;
                case '\'': result.Append("&#39;"); break;
                case '\r': break;
                case '\t' or '\n': result.Append((char)rune.Value); break;
                case < 0x20 or (>= 0x7F and <= 0x9F) or 0xFFFE or 0xFFFF: result.Append('\uFFFD'); break;
                default: result.Append(rune.ToString()); break;
            }
        }
        return result.ToString();
    }

    /// <summary>Whether a text is a number, perhaps a share or a bound (<c>&gt; 99.9 %</c>), or a dash in the place of one.</summary>
    public static bool IsNumber(string text) =>
        text is "" or "–" || double.TryParse(text.Replace("%", "", StringComparison.Ordinal).Replace('−', '-').TrimStart('<', '>').Trim(), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _);
}
