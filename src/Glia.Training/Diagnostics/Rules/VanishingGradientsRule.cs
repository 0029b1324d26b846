using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>The first layers get next to no gradient beside the last.</summary>
internal sealed class VanishingGradientsRule : Rule
{
    private const double Ratio = 1e-3;
    private const double Share = 0.6;

    public override Symptom Symptom => Symptom.VanishingGradients;

    public override IReadOnlyList<Symptom> Explains => [Symptom.ConstantLoss, Symptom.Underfitting, Symptom.SlowLearning, Symptom.InputIgnored, Symptom.NotConverged];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Probes.Count < 4 || run.Probes[0].Parameters.Count < 3)
            return null;
        // Embeddings get gradients for the few rows of a batch only.
        var embeddings = run.Model.Layers.Where(l => l.Role == LayerRole.Embedding).Select(l => l.Name + ".weight").ToHashSet();
        var ratios = new List<double>();
        foreach (var probe in run.Probes)
        {
            var weights = probe.Parameters.Where(p => !embeddings.Contains(p.Name)).ToList();
            if (weights.Count > 2 && weights[^1].Gradient > 0)
                ratios.Add(weights[0].Gradient / weights[^1].Gradient);
        }
        if (ratios.Count == 0 || ratios.Count(r => r < Ratio) < Share * ratios.Count)
            return null;
        var first = run.Probes[0].Parameters[0].Name;
        return Found(
            Severity.Warning,
            "gradients vanish on the way to the first layers",
            $"the gradient of '{first}' is {ratios.Order().ElementAt(ratios.Count / 2):G2} of that of the last weight, in {ratios.Count(r => r < Ratio)} of {ratios.Count} steps looked at",
            "Each sigmoid or tanh, and each time step, multiplies the gradient by a slope below 1.",
            new(Setting.Activation, "Use ReLU with He's initial weights, normalisation or residual blocks; LSTM in place of a simple recurrent layer.", ".Dense(64).ReLU()  or  .BatchNorm()")) with
        { Layer = first };
    }
}
