using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Hidden sigmoid or tanh units at the flat ends of their range.</summary>
internal sealed class SaturationRule : Rule
{
    private const double Share = 0.5;

    public override Symptom Symptom => Symptom.Saturation;

    public override Finding? Examine(RunRecord run)
    {
        if (run.Probes.Count < 4)
            return null;
        var late = run.Probes.Skip(run.Probes.Count / 2).ToList();
        var output = run.Model.Layers is [.., var last] ? last.Name : "";
        var worst = late[^1].Activations.Where(a => a.Role == LayerRole.Squashing && a.Layer != output)
            .Select(a => (a.Layer, Flat: late.Min(p => p.Activations.FirstOrDefault(x => x.Layer == a.Layer)?.SaturatedShare ?? 0)))
            .Where(a => a.Flat > Share).OrderByDescending(a => a.Flat).FirstOrDefault();
        if (worst.Layer is null)
            return null;
        return Found(
            Severity.Warning,
            "saturated units",
            $"{worst.Flat:P0} of the values of '{worst.Layer}' lie at the flat ends of its range, from step {late[0].Step} on",
            "There the slope is next to 0, so nothing is learned through these units.",
            new(Setting.Scale, "Scale the inputs, and use smaller initial weights or a lower rate.", "Network.Input(n).Normalize(trainingInputs)…")) with
        { Layer = worst.Layer, Step = late[0].Step };
    }
}
