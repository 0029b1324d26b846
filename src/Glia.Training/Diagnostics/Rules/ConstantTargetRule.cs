using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>All targets are the same.</summary>
internal sealed class ConstantTargetRule : Rule
{
    public override Symptom Symptom => Symptom.ConstantTarget;

    public override IReadOnlyList<Symptom> Explains =>
        [Symptom.ConstantLoss, Symptom.Underfitting, Symptom.InputIgnored, Symptom.UnrelatedLabels, Symptom.ClassImbalance, Symptom.SlowLearning, Symptom.NotConverged, Symptom.VanishingGradients, Symptom.Oscillating, Symptom.DeadUnits, Symptom.Overfitting, Symptom.SuspiciousValidation, Symptom.ExplodingGradients];

    public override Finding? Examine(RunRecord run) => run.Data.NonFinite is not null || run.Data.TargetMin != run.Data.TargetMax || run.Data.Samples < 2 ? null : Found(
        Severity.Error,
        "every sample has the same target",
        $"the target is {run.Data.TargetMin:G4} in all of {run.Data.Samples} samples",
        "There is nothing to learn: a constant is right for all of them.",
        new(Setting.Data, "Check which column is the target, and how it was read.", "var target = TargetEncoder.Fit(table, \"the column meant\");"));
}
