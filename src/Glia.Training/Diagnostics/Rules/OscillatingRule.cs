using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The loss of the epochs goes up and down instead of falling.</summary>
internal sealed class OscillatingRule : Rule
{
    private const double Rise = 0.1;
    private const double Share = 0.25;
    private const double HugeStep = 0.2;
    private const double Overshoot = 5;

    public override Symptom Symptom => Symptom.Oscillating;

    public override IReadOnlyList<Symptom> Explains => [Symptom.NotConverged, Symptom.Overfitting, Symptom.SuspiciousValidation];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Epochs.Count < 5)
            return null;
        var losses = run.Epochs.Select(e => e.Training["loss"]).ToList();
        var first = KnowingNothing(run);
        var rises = Enumerable.Range(1, losses.Count - 1).Count(i => losses[i] > losses[i - 1] * (1 + Rise) && losses[i] > 0.1 * first);
        var share = rises / (double)(losses.Count - 1);
        if (share < Share)
            return Overshoots(run, first);
        return Found(
            Severity.Warning,
            "the loss jumps up and down",
            $"it rose by more than {Rise:P0} in {rises} of {losses.Count - 1} epochs, and ended at {losses[^1]:G4} ({first:G4} for a constant)",
            "Steps are longer than the valley is wide.",
            Rate(run, 1.0 / 3, "Divide the learning rate by 3, or let it fall over the epochs"));
    }

    /// <summary>A loss that first shot far up, by steps about as large as the weights themselves, and then fell.</summary>
    private Finding? Overshoots(RunRecord run, double start)
    {
        var (step, peak) = (EarlyStep(run), run.Losses.DefaultIfEmpty(double.NaN).Max());
        if (!(step >= HugeStep && peak >= Overshoot * start))
            return null;
        return Found(
            Severity.Warning,
            "the first steps overshoot",
            $"they change the weights by {step:G2} of their size (about 0.001 is usual), and the loss went up to {peak:G4} ({start:G4} for a constant)",
            "Such steps throw the initial weights away and leave large ones, which generalise badly.",
            LowerRate(run));
    }
}
