using Glia.Diagnostics;

namespace Glia.DoctorStudy.Tests;

/// <summary>A part of the study that takes seconds; <c>bench/doctor.sh</c> runs the whole.</summary>
public class CorpusTests
{
    private static readonly string[] Tables = ["iris", "wine", "diabetes", "xor"];

    private static readonly string[] Slow = ["ten sigmoid layers", "overfit", "exploding recurrent network", "wide initial weights"];

    public static TheoryData<string> QuickFaults => [.. Corpus.Calibration.Where(c => IsQuick(c) && c.Fault is not null).Select(c => c.Fault!).Distinct().Except(Slow)];

    public static TheoryData<string> HealthyCases => [.. Corpus.Calibration.Where(c => c.Fault is null && IsQuick(c)).Take(6).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(QuickFaults))]
    public void PlantedFault_IsFound(string fault)
    {
        var result = Result.Of(Corpus.Calibration.First(c => c.Fault == fault && IsQuick(c)));
        Assert.True(result.IsFound && result.IsRight, result.Line);
    }

    [Theory]
    [MemberData(nameof(HealthyCases))]
    public void HealthyRun_IsNotAccused(string name)
    {
        var result = Result.Of(Corpus.Calibration.Single(c => c.Name == name));
        Assert.True(result.IsRight && !result.IsFound, result.Line);
        Assert.InRange(result.Run.Score, 0.3, 1);
    }

    [Fact]
    public void Parts_AreLargeEnough_AndHaveNothingInCommon()
    {
        foreach (var part in (IReadOnlyList<Case>[])[Corpus.Calibration, Corpus.HeldOut])
        {
            Assert.InRange(part.Count(c => c.Fault is not null), 60, 200);
            Assert.InRange(part.Count(c => c.Fault is null), 55, 200);
            Assert.Equal(part.Count, part.Select(c => c.Name).Distinct().Count());
            Assert.All(part, c => Assert.Equal(c.Fault is null, c.Expected.Count == 0));
        }
        Assert.Empty(Corpus.Calibration.Select(c => c.Plan.Seed).Intersect(Corpus.HeldOut.Select(c => c.Plan.Seed)));
        Assert.True(QuickFaults.Count >= 12, "There are fewer than 12 quick faults.");
        Assert.Equal(6, HealthyCases.Count);
    }

    [Theory]
    [InlineData("zero weights")]
    [InlineData("rate too low (Adam)")]
    public void Remedy_MakesTheRunBetter(string fault)
    {
        var result = Result.Of(Corpus.Calibration.First(c => c.Fault == fault && IsQuick(c)));
        var trial = Assert.Single(FixTrials.Run([result], _ => { }));
        Assert.Equal(result.Run.Score, trial.Sick);
        Assert.True(trial.Mended > trial.Sick, $"{trial}");
    }

    [Fact]
    public void Page_IsWrittenBetweenItsMarks_AndNowhereElse()
    {
        var results = new[] { Result.Of(Corpus.Calibration.First(c => c.Fault == "NaN in the data" && IsQuick(c))) };
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllText(path, "before\n<!-- doctor study -->\nold\n<!-- end of doctor study -->\nafter\n");
            var page = new DoctorPage(results) { Fixes = [new("a", Setting.LearningRate, 0.25, 0.75, 0.5)] };
            page.Write(path);
            var text = File.ReadAllText(path);
            Assert.Equal($"before\n<!-- doctor study -->\n{page.ToText()}<!-- end of doctor study -->\nafter\n", text);
            Assert.Contains("1 sick runs, 0 healthy ones. Found: 1 of 1 (recall 100.0 %)", text, StringComparison.Ordinal);
            Assert.Contains("| NaN in the data | 1 | 1 | NonFiniteData 1 |", text, StringComparison.Ordinal);
            Assert.Contains("| LearningRate | 1 | 0.250 | 0.750 | 0.500 |", text, StringComparison.Ordinal);
            page.Write(path);
            Assert.Equal(text, File.ReadAllText(path));

            File.WriteAllText(path, "no marks");
            Assert.Throws<InvalidOperationException>(() => page.Write(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Small tables, trained for some epochs only.</summary>
    private static bool IsQuick(Case item) => Tables.Contains(item.Plan.Data) && item.Plan.Family == "mlp" && item.Plan.Epochs <= 60;
}
