using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>One class is much rarer than the most frequent one.</summary>
internal sealed class ClassImbalanceRule : Rule
{
    private const double Ratio = 0.1;

    public override Symptom Symptom => Symptom.ClassImbalance;

    public override Finding? Examine(RunRecord run)
    {
        var counts = run.Data.ClassCounts;
        // Steps of texts and sequences are as uneven as language is.
        if (counts.Count < 2 || run.Data.TargetsPerSample != 1 || run.Data.TargetMin == run.Data.TargetMax)
            return null;
        var (rarest, commonest) = (counts.Where(c => c > 0).Min(), counts.Max());
        if (rarest >= Ratio * commonest)
            return null;
        return Found(
            Severity.Warning,
            "the classes are very uneven",
            $"class {counts.ToList().IndexOf(rarest)} has {rarest} of {counts.Sum()} samples looked at, class {counts.ToList().IndexOf(commonest)} has {commonest}",
            "A model that never says the rare class is right most of the time, so accuracy looks good while the rare class is missed.",
            new(Setting.ClassWeights, "Weigh the classes in the loss, and look at recall by class beside accuracy.", "new CrossEntropyLoss(classWeights: ClassWeights.Balanced(labels, classes))"));
    }
}
