using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Training ended while the loss was still falling.</summary>
internal sealed class NotConvergedRule : Rule
{
    public override Symptom Symptom => Symptom.NotConverged;

    public override Finding? Examine(RunRecord run)
    {
        if (run.StopReason != StopReason.Completed || run.Epochs.Count < 2)
            return null;
        var verdict = ConvergenceVerdict.Of(run.Epochs, run.StopReason, run.RestoredEpoch, run.Model.InitialLoss);
        if (verdict.Kind != Convergence.StillFalling)
            return null;
        var epochs = run.Epochs.Count * 2;
        return Found(
            Severity.Hint,
            "training ended too early",
            $"{verdict.Evidence}",
            "The model could still get better.",
            new(Setting.Epochs, $"Train for more epochs: {epochs} in place of {run.Epochs.Count}, with early stopping.", FormattableString.Invariant($"trainer.Fit(train, validation, epochs: {epochs})")) { Value = epochs, Option = FormattableString.Invariant($"--epochs {epochs}") });
    }
}
