using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Validation is better than training by far, though nothing makes training harder.</summary>
internal sealed class SuspiciousValidationRule : Rule
{
    private const double Share = 0.5;
    private const int FewestSamples = 30;

    public override Symptom Symptom => Symptom.SuspiciousValidation;

    public override Finding? Examine(RunRecord run)
    {
        var hasNoise = run.Model.Layers.Any(l => l.Type.Contains("Dropout", StringComparison.Ordinal));
        if (run.Epochs.Count < 6 || run.Epochs[0].Validation is null || hasNoise || run.Data.ValidationSamples < FewestSamples)
            return null;
        var late = run.Epochs.Skip(Math.Max(3, run.Epochs.Count / 2)).ToList();
        var (training, validation) = (late.Average(e => e.Training["loss"]), late.Average(e => e.Validation!["loss"]));
        var reference = KnowingNothing(run);
        if (!(validation < Share * training) || training < 0.2 * reference)
            return null;
        return Found(
            Severity.Warning,
            "validation is far better than training",
            $"the mean loss since epoch {late[0].Epoch} is {validation:G4} on validation and {training:G4} in training",
            "Unknown samples should be harder: the validation part is easier, too small, or not unknown.",
            new(Setting.Data, "Draw the parts at random, and look for the same rows in both.", "var parts = Splits.Stratified(labels, [0.7, 0.1, 0.2], seed: 0);"));
    }
}
