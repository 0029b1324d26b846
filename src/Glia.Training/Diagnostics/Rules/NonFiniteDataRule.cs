using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Any NaN or infinity among the samples.</summary>
internal sealed class NonFiniteDataRule : Rule
{
    public override Symptom Symptom => Symptom.NonFiniteData;

    public override IReadOnlyList<Symptom> Explains => [Symptom.NonFinite, Symptom.WrongInitialLoss, Symptom.CannotOverfitBatch];

    public override Finding? Examine(RunRecord run) => run.Data.NonFinite is not { } where ? null : Found(
        Severity.Error,
        "the data hold NaN or infinity",
        $"{where}",
        "One such number makes the loss and then every weight NaN.",
        new(Setting.Data, "Remove these samples, or fill in the missing values.", "table = table.Select(rowsWithoutMissingValues);"));
}
