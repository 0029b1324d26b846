using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The training loss did not move.</summary>
internal sealed class ConstantLossRule : Rule
{
    private const double Change = 0.02;

    public override Symptom Symptom => Symptom.ConstantLoss;

    public override IReadOnlyList<Symptom> Explains => [Symptom.NotConverged];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Losses.Count < 10)
            return null;
        var (start, end) = (Series.Mean(run.Losses, 0, 0.1), Series.Mean(run.Losses, 0.8, 1));
        var reference = KnowingNothing(run);
        if (!(Math.Abs(start - end) < Change * Math.Abs(start)) || end < 0.5 * reference)
            return null;
        return Found(
            Severity.Warning,
            "the loss does not move",
            $"it is {start:G4} in the first tenth of the steps and {end:G4} in the last fifth",
            "None of the usual causes shows in the numbers: rate, dead units, equal weights, scale, head, frozen parameters.",
            Rate(run, 3, "Run the range test for a rate; if none helps, look at the labels"));
    }
}
