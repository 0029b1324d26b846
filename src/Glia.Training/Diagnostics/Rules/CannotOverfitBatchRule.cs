using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Trained on one batch alone, the model does not learn it by heart.</summary>
internal sealed class CannotOverfitBatchRule : Rule
{
    private const double Left = 0.5;

    public override Symptom Symptom => Symptom.CannotOverfitBatch;

    public override Finding? Examine(RunRecord run) => !(run.Model.OneBatchLoss > Left) || run.Data.TargetStd == 0 ? null : Found(
        Severity.Error,
        "the model cannot learn even one batch by heart",
        $"after 200 steps on the same 16 samples {run.Model.OneBatchLoss:P0} of the loss is left",
        "A sound network gets close to 0 there; something between inputs, model and loss is broken.",
        new(Setting.Head, "Check the output layer against the loss, the scale of the inputs, and which parameters are trained.", "TrainingDoctor.Examine(model, loss, train)"));
}
