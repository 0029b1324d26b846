using System.Globalization;
using Glia.Diagnostics;

namespace Glia.DoctorStudy;

/// <summary>A sick training repeated with the doctor's remedy, and with the same setting changed at random.</summary>
/// <param name="Name">The case.</param>
/// <param name="Setting">What was changed.</param>
/// <param name="Sick">The score before.</param>
/// <param name="Mended">The score with the remedy.</param>
/// <param name="Random">The mean score of random changes.</param>
internal sealed record FixTrial(string Name, Setting Setting, double Sick, double Mended, double Random);

internal static class FixTrials
{
    private const int RandomChanges = 3;

    public static IReadOnlyList<FixTrial> Run(IReadOnlyList<Result> results, Action<string> tell)
    {
        var trials = new List<FixTrial>();
        foreach (var result in results.Where(r => r.Case.Fault is not null))
        {
            var remedy = result.Run.Findings.Where(f => result.Case.Expected.Contains(f.Symptom)).Select(f => f.Remedy).FirstOrDefault(r => result.Case.Plan.With(r) is not null);
            if (remedy is null)
                continue;
            var plan = result.Case.Plan.With(remedy)!;
            var random = Enumerable.Range(0, RandomChanges)
                .Select(i => PlanRun.Of(result.Case.Plan.AtRandom(remedy.Setting, new Rng((ulong)i).Split(result.Case.Name))).Score)
                .Average();
            var trial = new FixTrial(result.Case.Name, remedy.Setting, result.Run.Score, PlanRun.Of(plan).Score, random);
            trials.Add(trial);
            tell(string.Create(CultureInfo.InvariantCulture, $"  {trial.Name,-62} {trial.Setting,-14} {trial.Sick:F3} -> {trial.Mended:F3}, at random {trial.Random:F3}"));
        }
        return trials;
    }
}
