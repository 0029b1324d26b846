using System.Globalization;
using System.Text.RegularExpressions;

namespace Glia.Runs;

/// <summary>A condition on runs, such as <c>val_loss &lt; 0.3</c> or <c>optimizer = AdamW</c>.</summary>
/// <param name="Name">What is compared: a setting, result, tag, part of the environment, or <c>name</c>, <c>data</c>, <c>family</c>, <c>epochs</c>, <c>steps</c>, <c>parameters</c>, <c>seed</c>.</param>
/// <param name="Operator">One of <c>&lt; &lt;= &gt; &gt;= = != ~</c>; the last asks whether a text contains another, case ignored.</param>
/// <param name="Value">What it is compared with.</param>
public sealed partial record RunCondition(string Name, string Operator, string Value)
{
    /// <summary>The value as a number; null where it is none.</summary>
    internal double? Number => double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Reads a condition.</summary>
    /// <exception cref="FormatException">It is none, or compares texts by size.</exception>
    public static RunCondition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var match = Pattern().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' is no condition; write a name, one of < <= > >= = != ~ and a value, such as val_loss<0.3.");
        var condition = new RunCondition(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        return condition.Number is null && condition.Operator is not ("=" or "!=" or "~")
            ? throw new FormatException($"'{text}': {condition.Operator} compares numbers, but '{condition.Value}' is none. Use =, != or ~ for texts.")
            : condition;
    }

    [GeneratedRegex(@"^\s*([^<>=!~\s]+)\s*(<=|>=|!=|==?|<|>|~)\s*(.+?)\s*$", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
