using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Weights that are not trained, or do not change though they have gradients.</summary>
internal sealed class FrozenWeightsRule : Rule
{
    public override Symptom Symptom => Symptom.FrozenWeights;

    public override Finding? Examine(RunRecord run)
    {
        var fixedLayers = run.Model.Layers.Where(l => l.Frozen > 0).Select(l => $"'{l.Name}'").ToList();
        if (fixedLayers.Count > 0)
            return Frozen($"{string.Join(", ", fixedLayers)}: IsTrainable is false for {run.Model.Layers.Sum(l => l.Frozen)} of {run.Model.Parameters} parameters", fixedLayers[0].Trim('\''));
        if (run.Probes.Count < 2)
            return null;
        var still = run.Probes[0].Parameters.Select(p => p.Name)
            .Where(name => run.Probes.All(probe => probe.Parameters.FirstOrDefault(p => p.Name == name) is { UpdateRatio: 0 }) && run.Probes.Any(probe => probe.Parameters.First(p => p.Name == name).Gradient > 0))
            .ToList();
        return still.Count == 0 ? null : Frozen($"{string.Join(", ", still)}: the same after every step looked at, though there are gradients", still[0]);
    }

    private Finding Frozen(string evidence, string layer) => Found(
        Severity.Hint,
        "weights that do not change",
        $"{evidence}",
        "Frozen layers keep what they know; in a network that learns from the start they are random features.",
        new(Setting.Trainable, "Train them, unless they are to be kept as they are.", "foreach (var parameter in model.Parameters) parameter.IsTrainable = true;")) with
    { Layer = layer };
}
