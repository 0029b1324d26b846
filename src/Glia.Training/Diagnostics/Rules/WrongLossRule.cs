using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Mean squared error and its like on class scores.</summary>
internal sealed class WrongLossRule : Rule
{
    public override Symptom Symptom => Symptom.WrongLoss;

    public override Finding? Examine(RunRecord run) => !run.Data.AreOneHot || run.Settings.Loss is not ("mean squared error" or "mean absolute error" or "Huber loss" or "smooth L1 loss") ? null : Found(
        Severity.Warning,
        $"{run.Settings.Loss} on classes",
        $"every target is a row of {run.Model.Outputs} numbers of which one is 1 and the others are 0",
        "It hardly punishes a sure mistake, and its gradient fades where the model is sure and wrong.",
        new(Setting.Head, "Use cross-entropy on logits, with class indices as targets.", "new Trainer(model, Loss.CrossEntropy, optimizer)"));
}
