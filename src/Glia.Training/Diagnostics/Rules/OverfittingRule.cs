using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Validation turned up while training went on falling, and the gap is wide where the model was kept.</summary>
internal sealed class OverfittingRule : Rule
{
    private const double Gap = 0.1;
    private const double Rise = 0.1;
    private const double ByHeart = 0.1;
    private const double Poor = 0.4;

    public override Symptom Symptom => Symptom.Overfitting;

    public override IReadOnlyList<Symptom> Explains => [Symptom.NotConverged];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Epochs.Count < 5 || run.Epochs[0].Validation is null)
            return null;
        var validation = Series.Smooth([.. run.Epochs.Select(e => e.Validation!["loss"])]);
        var training = run.Epochs.Select(e => e.Training["loss"]).ToList();
        var best = Enumerable.Range(0, validation.Count).MinBy(i => validation[i]);
        var kept = run.RestoredEpoch is { } epoch ? Math.Clamp(epoch - 1, 0, validation.Count - 1) : validation.Count - 1;
        var reference = KnowingNothing(run);
        var rise = (validation[kept] - validation[best]) / reference;
        var isRising = rise >= Rise && validation[kept] - training[kept] >= Gap * reference && training[kept] <= training[best];
        // Or the samples are known by heart, and others hardly better than by guessing.
        var isByHeart = training[kept] < ByHeart * validation[kept] && validation[kept] > Poor * reference;
        if (!isRising && !isByHeart)
            return null;
        return Found(
            Severity.Warning,
            "overfitting",
            $"the validation loss was lowest in epoch {best + 1} with {validation[best]:G4} and is {validation[kept]:G4} now, while the training loss fell from {training[best]:G4} to {training[kept]:G4}; {run.Model.Parameters} parameters learn {run.Data.Samples} samples",
            "The model learns its samples by heart, noise included.",
            new(Setting.Regularization, $"Stop at epoch {best + 1} (early stopping), add dropout, weight decay or augmentation, or take fewer parameters.", "Callbacks = [new EarlyStopping(patience: 5)]") { Value = best + 1, Option = FormattableString.Invariant($"--epochs {best + 1}") });
    }
}
