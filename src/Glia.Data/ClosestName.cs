namespace Glia.Data;

/// <summary>Finds the name that a mistyped one was probably meant to be.</summary>
internal static class ClosestName
{
    private const int ListedNames = 20;

    /// <summary>The nearest of <paramref name="names"/> by edit distance, case ignored; null when none is near.</summary>
    public static string? Find(string given, IEnumerable<string> names)
    {
        var best = names.Select(name => (name, distance: Distance(given.ToUpperInvariant(), name.ToUpperInvariant())))
            .DefaultIfEmpty((name: "", distance: int.MaxValue)).MinBy(pair => pair.distance);
        return best.distance <= Math.Max(2, given.Length / 3) && best.distance < given.Length ? best.name : null;
    }

    /// <summary>A sentence saying that there is no such name, with the nearest one and the list.</summary>
    public static string Explain(string what, string plural, string given, IReadOnlyList<string> names)
    {
        var hint = Find(given, names) is { } near ? $" (did you mean '{near}'?)" : "";
        return $"there is no {what} '{given}'{hint}; the {plural} are: {List(names)}.";
    }

    /// <summary>The names with commas, the first twenty if there are more.</summary>
    public static string List(IReadOnlyList<string> names) => names.Count <= ListedNames
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(ListedNames))} and {names.Count - ListedNames} more";

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
