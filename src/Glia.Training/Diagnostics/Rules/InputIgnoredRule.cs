using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The output is the same for all samples after training.</summary>
internal sealed class InputIgnoredRule : Rule
{
    private const double Flat = 1e-3;

    public override Symptom Symptom => Symptom.InputIgnored;

    public override IReadOnlyList<Symptom> Explains => [Symptom.ConstantLoss, Symptom.Underfitting];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Probes.Count < 4)
            return null;
        var late = run.Probes.Skip(run.Probes.Count * 2 / 3).Select(p => p.OutputVariation).ToList();
        if (!late.All(v => v < Flat))
            return null;
        return Found(
            Severity.Error,
            "the model does not look at its input",
            $"its outputs for different samples differ by {late[^1]:G2} of their size",
            "Units are dead or saturated, or inputs and labels do not belong together, and a constant is all that is left to learn.",
            LowerRate(run));
    }
}
