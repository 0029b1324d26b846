using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The signal grows or fades from layer to layer before training.</summary>
internal sealed class PoorInitialWeightsRule : Rule
{
    private const double Ratio = 30;

    public override Symptom Symptom => Symptom.PoorInitialWeights;

    public override IReadOnlyList<Symptom> Explains => [Symptom.WrongInitialLoss];

    public override Finding? Examine(RunRecord run)
    {
        var layers = run.Model.Layers.Where(l => l.Role == LayerRole.Linear && double.IsFinite(l.OutputStd)).ToList();
        if (layers.Count < 2 || layers.Any(l => l.HasEqualWeights))
            return null;
        var (least, most) = (layers.MinBy(l => l.OutputStd)!, layers.MaxBy(l => l.OutputStd)!);
        if (most.OutputStd <= Ratio * least.OutputStd)
            return null;
        return Found(
            Severity.Warning,
            "the initial weights do not keep the scale of the signal",
            $"the output of '{least.Name}' has a standard deviation of {least.OutputStd:G3}, that of '{most.Name}' {most.OutputStd:G3}",
            "A signal that grows or fades from layer to layer does the same to the gradients on their way back.",
            new(Setting.Initializer, "Use He's initial weights before ReLU and Glorot's before others, which is Glia's own choice.", "model.Initialize(seed: 1);")) with
        { Layer = most.Name };
    }
}
