using System.Diagnostics;
using System.Globalization;
using Glia.Diagnostics;

namespace Glia.DoctorStudy;

/// <summary>What the doctor said of a case.</summary>
internal sealed record Result(Case Case, PlanRun Run, double Seconds)
{
    /// <summary>Warnings and errors; hints are no accusations.</summary>
    public IEnumerable<Finding> Accusations => Run.Findings.Where(f => f.Severity > Severity.Hint || Case.Expected.Contains(f.Symptom));

    public bool IsFound => Run.Findings.Any(f => Case.Expected.Contains(f.Symptom));

    public bool IsRight => Case.Fault is null ? !Accusations.Any() : IsFound;

    public string Line => string.Create(CultureInfo.InvariantCulture, $"{(IsRight ? "  " : "✗ ")}{Case.Name,-62} score {Run.Score:F3} {Seconds,5:F1} s  {string.Join(" ", Run.Findings.Select(f => (Case.Expected.Contains(f.Symptom) ? "+" : f.Severity == Severity.Hint ? "." : "!") + f.Symptom))}");

    public static Result Of(Case item)
    {
        var clock = Stopwatch.StartNew();
        return new(item, PlanRun.Of(item.Plan), clock.Elapsed.TotalSeconds);
    }
}
