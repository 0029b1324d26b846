using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The loss falls steadily, but the steps are tiny beside the weights.</summary>
internal sealed class SlowLearningRule : Rule
{
    private const double Tiny = 3e-4;
    private const double Usual = 3e-3;
    private const double MinuteSteps = 3e-5;

    public override Symptom Symptom => Symptom.SlowLearning;

    public override IReadOnlyList<Symptom> Explains => [Symptom.NotConverged, Symptom.Underfitting, Symptom.ConstantLoss, Symptom.InputIgnored];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Probes.Count < 4 || run.Losses.Count < 10)
            return null;
        var ratios = run.Probes.Select(p => Series.Median(p.Parameters.Where(x => x.Gradient > 0).Select(x => x.UpdateRatio))).Where(r => r > 0).Order().ToList();
        if (ratios.Count == 0 || ratios[ratios.Count / 2] >= Tiny)
            return null;
        var ratio = ratios[ratios.Count / 2];
        var (early, late) = (Series.Mean(run.Losses, 0.6, 0.8), Series.Mean(run.Losses, 0.8, 1));
        var start = Series.Mean(run.Losses, 0, 0.1);
        // What has learned all it can takes small steps too; but then it has come far.
        var floor = KnowingNothing(run);
        if (ratio > MinuteSteps && (late < 0.3 * floor || (early - late) < -0.02 * start))
            return null;
        var factor = Math.Clamp(Usual / ratio, 2, 5000);
        return Found(
            Severity.Warning,
            "learning is far too slow",
            $"a step changes the weights by {ratio:G2} of their size (about 0.001 is usual); the loss went from {start:G4} to {late:G4}",
            "With so short steps the epochs do not suffice.",
            Rate(run, factor, FormattableString.Invariant($"Multiply the learning rate by {factor:G2} (2 to 5 at a time)")));
    }
}
