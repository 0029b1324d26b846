using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Gradients that jump to a multiple of their usual size.</summary>
internal sealed class ExplodingGradientsRule : Rule
{
    private const double Jump = 30;
    private const double Huge = 100;

    public override Symptom Symptom => Symptom.ExplodingGradients;

    public override IReadOnlyList<Symptom> Explains => [Symptom.Oscillating];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Probes.Count < 5)
            return null;
        var norms = run.Probes.Select(p => (p.Step, Norm: Norm(p))).ToList();
        var sorted = norms.Select(n => n.Norm).Order().ToList();
        var (median, worst) = (sorted[sorted.Count / 2], norms.MaxBy(n => n.Norm));
        // In units of the loss: a slope of 100 times the loss per unit of weight is no slope to walk down.
        var scale = Math.Max(run.Data.BaselineLoss is > 0 and var b ? b : run.Model.InitialLoss, 1e-6);
        if (!(worst.Norm > Jump * median && worst.Norm > scale) && !(median > Huge * scale))
            return null;
        var limit = Round(sorted[(int)(0.9 * (sorted.Count - 1))]);
        return Found(
            Severity.Warning,
            "gradients explode",
            $"the root mean square of the gradients, largest weight by weight, reaches {worst.Norm:G3} at step {worst.Step}; its median is {median:G3}",
            "On a cliff of the loss one step throws the weights far away; in recurrent layers the same matrix multiplies at every time step.",
            new(Setting.ClipNorm, "Clip the gradients, and warm the learning rate up.", FormattableString.Invariant($"new Trainer(…) {{ ClipNorm = {Math.Max(limit, 1):G2} }}")) { Value = Math.Max(limit, 1) }) with
        { Step = worst.Step };
    }

    private static double Norm(Probe probe) => probe.Parameters.Select(p => p.Gradient).DefaultIfEmpty(0).Max();
}
