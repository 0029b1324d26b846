using System.Globalization;
using Glia.Cli.Problems;

namespace Glia.Cli.Reports;

/// <summary>Rows of a table as the user knows them, from the features that a network is shown.</summary>
internal static class ReportRows
{
    private const int MostColumns = 10;

    /// <summary>The columns to show.</summary>
    public static IReadOnlyList<string> Columns(TablePreparation table) => [.. table.Features.ColumnsNeeded.Take(MostColumns)];

    /// <summary>The values of columns: numbers without their standardisation, and the category whose feature is set.</summary>
    public static IEnumerable<string> Read(TablePreparation table, IReadOnlyList<string> columns, float[] features)
    {
        var names = table.Features.FeatureNames;
        return columns.Select(column =>
        {
            var (category, place) = ("", -1);
            for (var i = 0; i < names.Count; i++)
            {
                if (names[i] == column)
                    place = i;
                else if (features[i] > 0.5 && names[i] == column + " (missing)")
                    return "–";
                else if (features[i] > 0.5 && names[i].StartsWith(column + "=", StringComparison.Ordinal))
                    category = names[i][(column.Length + 1)..];
            }
            if (place < 0)
                return category;
            // A float has seven digits, of which the scale takes some.
            var (mean, std) = table.Features.ScaleOf(column) ?? (0, 1);
            return ((features[place] * std) + mean).ToString("G5", CultureInfo.InvariantCulture);
        });
    }
}
