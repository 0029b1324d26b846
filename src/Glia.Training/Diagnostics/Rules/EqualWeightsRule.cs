using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Weights that are all the same before training.</summary>
internal sealed class EqualWeightsRule : Rule
{
    public override Symptom Symptom => Symptom.EqualWeights;

    public override IReadOnlyList<Symptom> Explains =>
        [Symptom.ConstantLoss, Symptom.Underfitting, Symptom.InputIgnored, Symptom.FrozenWeights, Symptom.DeadUnits, Symptom.VanishingGradients, Symptom.CannotOverfitBatch, Symptom.SlowLearning, Symptom.PoorInitialWeights, Symptom.NotConverged, Symptom.Saturation, Symptom.Oscillating];

    public override Finding? Examine(RunRecord run)
    {
        var weighted = run.Model.Layers.Where(l => l.Role is LayerRole.Linear or LayerRole.Recurrent).ToList();
        var equal = weighted.Where(l => l.HasEqualWeights).ToList();
        // The last layer alone may well begin at zero.
        if (equal.Count == 0 || (equal.Count == 1 && equal[0] == weighted[^1]))
            return null;
        return Found(
            Severity.Error,
            "all weights of a layer are the same",
            $"{string.Join(", ", equal.Select(l => $"'{l.Name}'"))}: every weight has one value",
            "Neurons with equal weights get equal gradients and stay equal for ever; where the layers above are zero too, they get none.",
            new(Setting.Initializer, "Draw initial weights at random; leave the choice to the layer, or use He's.", "model.Initialize(seed: 1);")) with
        { Layer = equal[0].Name };
    }
}
