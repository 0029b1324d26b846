using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The same inputs with different labels.</summary>
internal sealed class ConflictingLabelsRule : Rule
{
    private const double Share = 0.02;

    public override Symptom Symptom => Symptom.ConflictingLabels;

    public override Finding? Examine(RunRecord run) => run.Data.ConflictShare <= Share ? null : Found(
        Severity.Warning,
        "equal samples have different labels",
        $"{run.Data.ConflictShare:P1} of the samples have the same input as another one with another label",
        "No model can be right about both.",
        new(Setting.Data, "Check how these rows were labelled, or add the feature that tells them apart.", "var rows = table.Select(rowsAgreed);"));
}
