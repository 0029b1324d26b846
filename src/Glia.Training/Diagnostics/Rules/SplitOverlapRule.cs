using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Samples to validate on are among those to learn from.</summary>
internal sealed class SplitOverlapRule : Rule
{
    private const double Share = 0.05;

    public override Symptom Symptom => Symptom.SplitOverlap;

    public override Finding? Examine(RunRecord run) => run.Data.OverlapShare <= Share || run.Data.OverlapShare <= 2 * run.Data.DuplicateShare ? null : Found(
        Severity.Error,
        "validation samples are among the training samples",
        $"{run.Data.OverlapShare:P0} of the validation samples have the same input as one to learn from",
        "Validation then measures memory, and looks better than new data will be.",
        new(Setting.Data, "Remove repeated rows before splitting, or split by what they belong to.", "var parts = Splits.Stratified(labels, [0.7, 0.1, 0.2], seed: 0);"));
}
