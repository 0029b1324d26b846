using System.Globalization;
using Glia.Diagnostics;

namespace Glia.Data;

/// <summary>
/// Looks at a table before it is turned into numbers, for what cannot be seen afterwards: missing values, columns that never change or name their row, columns that
/// say the target in other words, and categories that training has never seen.
/// </summary>
public static class TableCheckup
{
    private const double MuchMissing = 0.05;
    private const double AlmostSure = 0.995;
    private const int FewestRows = 30;

    /// <summary>Examines a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="target">The column to be predicted.</param>
    /// <returns>What was found, the worst first.</returns>
    /// <exception cref="DataFormatException">There is no such column.</exception>
    public static IReadOnlyList<Finding> Examine(Table table, string target)
    {
        ArgumentNullException.ThrowIfNull(table);
        var answer = table[target];
        var findings = new List<Finding?> { MissingTargets(answer), MissingFeatures(table, target), ConstantColumns(table, target), TellingColumn(table, answer) };
        return [.. findings.OfType<Finding>().OrderByDescending(f => f.Severity)];
    }

    private static Finding? MissingTargets(Column target) => target.MissingCount == 0 ? null : Of(
        Symptom.MissingValues,
        Severity.Error,
        "targets are missing",
        $"{target.MissingCount} of {target.Count} rows have no value in '{target.Name}'",
        "A row without an answer teaches nothing and cannot be measured.",
        new(Setting.Data, "Remove these rows.", "table = table.Select(rowsWithTarget);"));

    private static Finding? MissingFeatures(Table table, string target)
    {
        var gaps = table.Columns.Where(c => c.Name != target && c.MissingCount > MuchMissing * c.Count).OrderByDescending(c => c.MissingCount).ToList();
        return gaps.Count == 0 ? null : Of(
            Symptom.MissingValues,
            Severity.Hint,
            "many values are missing",
            string.Join(", ", gaps.Take(5).Select(c => string.Create(CultureInfo.InvariantCulture, $"'{c.Name}' {(double)c.MissingCount / c.Count:P0}"))) + (gaps.Count > 5 ? $" and {gaps.Count - 5} more columns" : ""),
            "They are filled with the column's mean or a category of their own; what is missing may itself tell something, or be a fault of the export.",
            new(Setting.Data, "Find out why they are missing; leave out columns that are mostly empty.", "TableEncoder.Fit(table, target, ignoredColumns: [\"column\"])"));
    }

    private static Finding? ConstantColumns(Table table, string target)
    {
        var constant = table.Columns.Where(c => c.Name != target && table.RowCount > 1 && Distinct(c) <= 1).Select(c => $"'{c.Name}'").ToList();
        return constant.Count == 0 ? null : Of(
            Symptom.ConstantFeatures,
            Severity.Hint,
            "columns that never change",
            string.Join(", ", constant),
            "They tell nothing.",
            new(Setting.Data, "Leave them out.", "TableEncoder.Fit(table, target, ignoredColumns: [\"column\"])"));
    }

    /// <summary>A column of categories, each of which goes with one class only.</summary>
    private static Finding? TellingColumn(Table table, Column target)
    {
        if (table.RowCount < FewestRows || target.Kind != ColumnKind.Categorical)
            return null;
        foreach (var column in table.Columns.Where(c => c.Name != target.Name && c.Kind == ColumnKind.Categorical && c.Categories.Count is > 1 and var n && n < table.RowCount / 4))
        {
            var rows = Enumerable.Range(0, table.RowCount).Where(i => column.Codes[i] >= 0 && target.Codes[i] >= 0).ToList();
            var sure = rows.GroupBy(i => column.Codes[i]).Sum(g => g.GroupBy(i => target.Codes[i]).Max(c => c.Count()));
            var guess = rows.Count == 0 ? 1 : (double)rows.GroupBy(i => target.Codes[i]).Max(g => g.Count()) / rows.Count;
            if (rows.Count >= FewestRows && sure >= AlmostSure * rows.Count && guess < 0.9)
            {
                return Of(
                    Symptom.Leakage,
                    Severity.Warning,
                    $"the column '{column.Name}' gives the answer away",
                    string.Create(CultureInfo.InvariantCulture, $"its {column.Categories.Count} values alone tell '{target.Name}' in {(double)sure / rows.Count:P1} of the rows"),
                    "Such a column is often the target in other words, known only afterwards.",
                    new(Setting.Data, "Find out when it is known, and leave it out unless it is there when predictions are made.", $"TableEncoder.Fit(table, \"{target.Name}\", ignoredColumns: [\"{column.Name}\"])"));
            }
        }
        return null;
    }

    private static int Distinct(Column column) => column.Kind == ColumnKind.Categorical
        ? column.Codes.ToArray().Where(c => c >= 0).Distinct().Count()
        : column.Numbers.ToArray().Where(n => !double.IsNaN(n)).Distinct().Count();

    private static Finding Of(Symptom symptom, Severity severity, string summary, string evidence, string reason, Remedy remedy) =>
        new(symptom, severity, summary, evidence, reason, remedy);
}
