using Glia.Diagnostics;

namespace Glia.Data.Tests.Tables;

public class TableCheckupTests
{
    private static Table Sound(int rows = 40) => new("t", [Numbers("x", rows, i => i), Texts("colour", rows, i => i % 3 == 0 ? "red" : "blue"), Texts("y", rows, i => i % 2 == 0 ? "no" : "yes")]);

    private static Column Numbers(string name, int rows, Func<int, double> value) => Column.FromNumbers(name, [.. Enumerable.Range(0, rows).Select(value)]);

    private static Column Texts(string name, int rows, Func<int, string?> value) => Column.FromTexts(name, [.. Enumerable.Range(0, rows).Select(value)]);

    private static Table With(Column column) => new("t", [column, .. Sound().Columns.Where(c => c.Name != column.Name)]);

    [Fact]
    public void SoundTable_HasNoFindings()
    {
        Assert.Empty(TableCheckup.Examine(Sound(), "y"));
        Assert.Empty(TableCheckup.Examine(Sound(), "x"));
    }

    [Fact]
    public void MissingTargets_AreAnError()
    {
        var finding = Assert.Single(TableCheckup.Examine(With(Texts("y", 40, i => i < 3 ? null : i % 2 == 0 ? "no" : "yes")), "y"));
        Assert.Equal((Symptom.MissingValues, Severity.Error, "3 of 40 rows have no value in 'y'"), (finding.Symptom, finding.Severity, finding.Evidence));
    }

    [Fact]
    public void MissingFeatures_AreAHint_WhereTheyAreMany()
    {
        var finding = Assert.Single(TableCheckup.Examine(With(Numbers("gaps", 40, i => i % 4 == 0 ? double.NaN : i)), "y"));
        Assert.Equal((Symptom.MissingValues, Severity.Hint, "'gaps' 25 %"), (finding.Symptom, finding.Severity, finding.Evidence));
        Assert.Empty(TableCheckup.Examine(With(Numbers("gaps", 40, i => i < 2 ? double.NaN : i)), "y"));
    }

    [Fact]
    public void ManyColumnsWithGaps_AreCounted()
    {
        var table = new Table("t", [.. Enumerable.Range(0, 7).Select(c => Numbers($"c{c}", 40, i => i < 20 - c ? double.NaN : i)), .. Sound().Columns]);
        Assert.StartsWith("'c0' 50 %, 'c1' 47 %", TableCheckup.Examine(table, "y")[0].Evidence, StringComparison.Ordinal);
        Assert.EndsWith(" and 2 more columns", TableCheckup.Examine(table, "y")[0].Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsThatNeverChange_AreNamed()
    {
        var table = new Table("t", [Numbers("one", 40, _ => 1), Texts("same", 40, i => i == 5 ? null : "a"), .. Sound().Columns]);
        var finding = Assert.Single(TableCheckup.Examine(table, "y"));
        Assert.Equal((Symptom.ConstantFeatures, "'one', 'same'"), (finding.Symptom, finding.Evidence));
    }

    [Fact]
    public void ColumnThatIsTheTargetInOtherWords_IsNamed()
    {
        var finding = Assert.Single(TableCheckup.Examine(With(Texts("verdict", 40, i => i % 2 == 0 ? "rejected" : "taken")), "y"));
        Assert.Equal((Symptom.Leakage, Severity.Warning, "its 2 values alone tell 'y' in 100.0 % of the rows"), (finding.Symptom, finding.Severity, finding.Evidence));
        Assert.Contains("'verdict'", finding.Summary, StringComparison.Ordinal);
        Assert.Contains("ignoredColumns: [\"verdict\"]", finding.Remedy.Code, StringComparison.Ordinal);
        // A column that names its row tells everything as well, but nothing about new rows.
        Assert.Empty(TableCheckup.Examine(With(Texts("name", 40, i => $"row {i}")), "y"));
        Assert.Empty(TableCheckup.Examine(new Table("few", [.. With(Texts("verdict", 40, i => i % 2 == 0 ? "rejected" : "taken")).Select([.. Enumerable.Range(0, 20)]).Columns]), "y"));
    }

    [Fact]
    public void Findings_AreOrderedBySeverity()
    {
        var table = new Table("t", [Numbers("one", 40, _ => 1), Texts("y", 40, i => i < 3 ? null : i % 2 == 0 ? "no" : "yes"), Texts("verdict", 40, i => i % 2 == 0 ? "rejected" : "taken")]);
        Assert.Equal([Symptom.MissingValues, Symptom.Leakage, Symptom.ConstantFeatures], TableCheckup.Examine(table, "y").Select(f => f.Symptom));
    }

    [Fact]
    public void UnknownTarget_IsRefused() => Assert.Throws<DataFormatException>(() => TableCheckup.Examine(Sound(), "z"));

    [Fact]
    public void EmptyTable_HasNoFindings() => Assert.Empty(TableCheckup.Examine(Sound().Select([]), "y"));
}
