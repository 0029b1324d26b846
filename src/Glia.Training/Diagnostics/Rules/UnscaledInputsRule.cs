using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Inputs that are large, or whose scales differ much.</summary>
internal sealed class UnscaledInputsRule : Rule
{
    private const double Large = 10;
    private const double Ratio = 100;

    public override Symptom Symptom => Symptom.UnscaledInputs;

    public override IReadOnlyList<Symptom> Explains =>
        [Symptom.WrongInitialLoss, Symptom.ExplodingGradients, Symptom.Saturation, Symptom.PoorInitialWeights, Symptom.DeadUnits, Symptom.Oscillating, Symptom.Underfitting, Symptom.InputIgnored, Symptom.CannotOverfitBatch];

    public override Finding? Examine(RunRecord run)
    {
        var data = run.Data;
        if (data.NonFinite is not null || data.FeatureStds.Count == 0 || run.Model.Layers is [{ Role: LayerRole.Normalization or LayerRole.Embedding }, ..])
            return null;
        var spread = data.FeatureStds.Where(s => s > 0).DefaultIfEmpty(1).ToArray();
        var (largest, ratio) = (data.FeatureStds.Zip(data.FeatureMeans, (s, m) => Math.Max(s, Math.Abs(m))).Max(), spread.Max() / spread.Min());
        // Rare categories have small deviations beside standardised numbers, which is as it should be.
        var differs = ratio > Ratio && spread.Max() > 2;
        if (largest <= Large && !differs)
            return null;
        return Found(
            Severity.Warning,
            "the inputs are not scaled",
            $"features reach a size of {largest:G4}; the largest deviation is {ratio:G3} times the smallest",
            "Large inputs make large gradients and saturate units; features of small scale are not seen beside them.",
            new(Setting.Scale, "Standardise each feature to mean 0 and deviation 1, with the numbers of the training samples.", "Network.Input(n).Normalize(trainingInputs)…"));
    }
}
