using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Hardly better than a constant on the very samples it learned from.</summary>
internal sealed class UnderfittingRule : Rule
{
    private const double Gain = 0.1;

    public override Symptom Symptom => Symptom.Underfitting;

    public override IReadOnlyList<Symptom> Explains => [Symptom.ConstantLoss];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Epochs.Count < 2 || !(run.Data.BaselineLoss > 0))
            return null;
        var best = run.Epochs.Min(e => e.Training["loss"]);
        if (best < run.Data.BaselineLoss * (1 - Gain))
            return null;
        return Found(
            Severity.Warning,
            "the model is hardly better than a constant",
            $"its best training loss is {best:G4}, a constant prediction has {run.Data.BaselineLoss:G4}",
            $"With {run.Model.Parameters} parameters it is too simple for the data, or the features do not tell the target.",
            new(Setting.Capacity, "Give it more neurons or layers, and train longer.", ".Dense(64).ReLU().Dense(64).ReLU()") { Option = "--hidden 64,64" });
    }
}
