using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Rectifiers that give zero for every sample of a batch.</summary>
internal sealed class DeadUnitsRule : Rule
{
    private const double Share = 0.6;

    public override Symptom Symptom => Symptom.DeadUnits;

    public override IReadOnlyList<Symptom> Explains => [Symptom.ConstantLoss, Symptom.InputIgnored];

    public override Finding? Examine(RunRecord run)
    {
        if (run.Probes.Count < 4)
            return null;
        var late = run.Probes.Skip(run.Probes.Count * 2 / 3).ToList();
        var worst = late[^1].Activations.Where(a => a.Role == LayerRole.Rectifier)
            .Select(a => (a.Layer, Dead: late.Min(p => p.Activations.FirstOrDefault(x => x.Layer == a.Layer)?.DeadShare ?? 0)))
            .Where(a => a.Dead > Share).OrderByDescending(a => a.Dead).FirstOrDefault();
        if (worst.Layer is null)
            return null;
        return Found(
            Severity.Warning,
            "dead rectifiers",
            $"{worst.Dead:P0} of the units of '{worst.Layer}' give 0 for every sample of a batch, from step {late[0].Step} on",
            "A unit that gives 0 everywhere has gradient 0 and never comes back; a step that was too long pushed it there.",
            LowerRate(run)) with
        { Layer = worst.Layer, Step = late[0].Step };
    }
}
