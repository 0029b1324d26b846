using System.Globalization;
using Glia.Diagnostics;

namespace Glia.DoctorStudy;

/// <summary>A sick training repeated with the doctor's remedy, and with the same setting changed at random.</summary>
/// <param name="Name">The case.</param>
/// <param name="Setting">What was changed.</param>
/// <param name="Sick">The score before.</param>
/// <param name="Mended">The score with the remedy.</param>
/// <param name="Random">The best score of as many random changes.</param>
internal sealed record FixTrial(string Name, Setting Setting, double Sick, double Mended, double Random);

internal static class FixTrials
{
    private const int Tries = 3;

    public static IReadOnlyList<FixTrial> Run(IReadOnlyList<Result> results, Action<string> tell)
    {
        var trials = new List<FixTrial>();
        foreach (var result in results.Where(r => r.Case.Fault is not null))
        {
            if (Remedy(result.Case.Plan, result.Run) is not { } remedy)
                continue;
            var (mended, tries) = Mend(result);
            // Whoever tries at random may try as often, and keeps the best as well.
            var random = Enumerable.Range(0, tries).Max(i => PlanRun.Of(result.Case.Plan.AtRandom(remedy.Setting, new Rng((ulong)i).Split(result.Case.Name))).Score);
            var trial = new FixTrial(result.Case.Name, remedy.Setting, result.Run.Score, mended, random);
            trials.Add(trial);
            tell(string.Create(CultureInfo.InvariantCulture, $"  {trial.Name,-62} {trial.Setting,-14} {trial.Sick:F3} -> {trial.Mended:F3} in {tries}, at random {trial.Random:F3}"));
        }
        return trials;
    }

    /// <summary>Applies the first remedy, looks again, and so on while something is found.</summary>
    private static (double Score, int Tries) Mend(Result result)
    {
        var (plan, run, best, tries) = (result.Case.Plan, result.Run, 0.0, 0);
        while (tries < Tries && Remedy(plan, run) is { } remedy)
        {
            plan = plan.With(remedy)!;
            run = PlanRun.Of(plan);
            best = Math.Max(best, run.Score);
            tries++;
        }
        return (best, tries);
    }

    private static Remedy? Remedy(Plan plan, PlanRun run) => run.Findings.Select(f => f.Remedy).FirstOrDefault(r => plan.With(r) is { } mended && mended != plan);
}
