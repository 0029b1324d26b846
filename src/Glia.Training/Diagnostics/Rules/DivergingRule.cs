using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The loss ends far above where it began.</summary>
internal sealed class DivergingRule : Rule
{
    private const double Worse = 1.5;
    private const double Far = 100;

    public override Symptom Symptom => Symptom.Diverging;

    public override IReadOnlyList<Symptom> Explains =>
        [Symptom.Oscillating, Symptom.Underfitting, Symptom.ConstantLoss, Symptom.ExplodingGradients, Symptom.NotConverged, Symptom.SlowLearning, Symptom.UnrelatedLabels, Symptom.InputIgnored, Symptom.DeadUnits, Symptom.Saturation, Symptom.Overfitting];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Losses.Count < 8)
            return null;
        var start = double.IsFinite(run.Model.InitialLoss) ? run.Model.InitialLoss : run.Losses[0];
        var end = Series.Mean(run.Losses, 0.8, 1);
        var reference = double.IsFinite(run.Data.BaselineLoss) ? Math.Max(start, run.Data.BaselineLoss) : start;
        var peak = run.Losses.Max();
        if (end <= Worse * reference && !(peak > Far * reference))
            return null;
        return Found(
            Severity.Error,
            "the loss grows instead of falling",
            $"it began at {start:G4}, reached {peak:G4} and ended at {end:G4}",
            "Each step overshoots the valley by more than the one before.",
            LowerRate(run));
    }
}
