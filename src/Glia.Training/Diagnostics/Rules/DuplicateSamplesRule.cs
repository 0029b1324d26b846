using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Many samples occur more than once.</summary>
internal sealed class DuplicateSamplesRule : Rule
{
    private const double Share = 0.05;

    public override Symptom Symptom => Symptom.DuplicateSamples;

    public override Finding? Examine(RunRecord run) => run.Data.DuplicateShare <= Share ? null : Found(
        Severity.Hint,
        "many samples occur more than once",
        $"{run.Data.DuplicateShare:P0} of the samples looked at have the same input as an earlier one",
        "Copies count double in training, and make validation too good where they fall into both parts.",
        new(Setting.Data, "Remove repeated rows, unless they are what was measured.", "table = table.Select(distinctRows);"));
}
