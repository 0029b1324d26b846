using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Training failed at a NaN or an infinity.</summary>
internal sealed class NonFiniteRule : Rule
{
    public override Symptom Symptom => Symptom.NonFinite;

    public override IReadOnlyList<Symptom> Explains =>
        [Symptom.Diverging, Symptom.Oscillating, Symptom.ConstantLoss, Symptom.NotConverged, Symptom.Underfitting, Symptom.Overfitting, Symptom.ExplodingGradients, Symptom.SlowLearning, Symptom.UnrelatedLabels];

    public override Finding? Examine(RunRecord run) => run.Failure is not { } failure ? null : Found(
        Severity.Error,
        "NaN or infinity in training",
        $"{failure}",
        "Steps too long for the curvature of the loss make weights grow until numbers overflow; a logarithm or a division of zero does the same at once.",
        LowerRate(run)) with
    { Layer = run.FailureLayer, Step = run.FailureStep };
}
