using System.Buffers;

namespace Glia.Cli.Output;

/// <summary>Text as a field of a CSV file.</summary>
internal static class CsvText
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t|\"\n\r");

    public static string Quote(string text) =>
        text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
