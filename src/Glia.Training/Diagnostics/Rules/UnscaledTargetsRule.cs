using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Targets of a regression far from unit scale, for a model that does not scale them itself.</summary>
internal sealed class UnscaledTargetsRule : Rule
{
    private const double Large = 10;
    private const double Small = 0.01;

    public override Symptom Symptom => Symptom.UnscaledTargets;

    public override IReadOnlyList<Symptom> Explains => [Symptom.ExplodingGradients, Symptom.SlowLearning, Symptom.Underfitting, Symptom.NotConverged, Symptom.InputIgnored, Symptom.Oscillating, Symptom.CannotOverfitBatch];

    public override Finding? Examine(RunRecord run)
    {
        var data = run.Data;
        if (data.NonFinite is not null || data.AreClasses || data.AreOneHot || data.TargetStd == 0 || run.Settings.Loss.StartsWith("standardised", StringComparison.Ordinal) || run.Model.Layers is [.., { Role: LayerRole.Normalization }])
            return null;
        var size = Math.Max(data.TargetStd, Math.Abs(data.TargetMean));
        if (size is <= Large and >= Small)
            return null;
        return Found(
            Severity.Warning,
            "the targets are not scaled",
            $"they have mean {data.TargetMean:G4} and standard deviation {data.TargetStd:G4}",
            "The outputs of a new network are near 0 with a deviation near 1; far from there, learning first takes long to get to the scale, or the gradients explode.",
            new(Setting.Scale, "Let the model scale its predictions.", "….Dense(1).Denormalize(trainingTargets)  with  Loss.MeanSquaredError.Standardized(model)"));
    }
}
