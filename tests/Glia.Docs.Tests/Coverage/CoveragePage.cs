using System.Globalization;
using System.Text;

namespace Glia.Docs.Tests.Coverage;

/// <summary>docs/coverage.md as <see cref="CoverageTable"/> gives it.</summary>
internal static class CoveragePage
{
    public static string File { get; } = Path.Combine(Repository.Root, "docs", "coverage.md");

    public static string Render()
    {
        var rows = CoverageTable.Sections.SelectMany(s => s.Rows).ToList();
        var text = new StringBuilder("# Coverage\n\n");
        text.Append("What there is for each row of the functional specification: public API, tests, pages. Written by `tests/Glia.Docs.Tests` from a table in code, see\n");
        text.Append("[contributing](../CONTRIBUTING.md); do not edit it by hand.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Of {rows.Count} rows {Count("done")} are done, {Count("partly")} partly, {Count("planned")} planned.\n");
        foreach (var (title, section) in CoverageTable.Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| row | what | status | API | tests | pages |\n| --- | --- | --- | --- | --- | --- |\n");
            foreach (var row in section)
            {
                var status = row.Open is { } open && row.Api.Length > 0 ? $"partly; not yet: {open}" : row.Status;
                text.Append(CultureInfo.InvariantCulture, $"| {row.Id} | {row.Summary} | {status} | {Names(row.Api)} | {Names(row.Tests)} | {string.Join(", ", row.Pages.Select(p => $"[{p}]({p})"))} |\n");
            }
        }
        return text.ToString();

        int Count(string status) => rows.Count(r => r.Status == status);
    }

    private static string Names(string[] names) => string.Join(", ", names.Select(n => $"`{n}`"));
}
