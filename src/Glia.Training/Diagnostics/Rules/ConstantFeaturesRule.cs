using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>Features of a table that never change.</summary>
internal sealed class ConstantFeaturesRule : Rule
{
    public override Symptom Symptom => Symptom.ConstantFeatures;

    public override Finding? Examine(RunRecord run)
    {
        if (run.Data.InputRank != 1 || run.Data.NonFinite is not null || run.Data.Samples < 2)
            return null;
        var constant = Enumerable.Range(0, run.Data.FeatureStds.Count).Where(i => run.Data.FeatureStds[i] <= 1e-6 * Math.Abs(run.Data.FeatureMeans[i])).ToArray();
        return constant.Length == 0 ? null : Found(
            Severity.Hint,
            "features that never change",
            $"{constant.Length} of {run.Data.Features} features have one value in all samples, the first is feature {constant[0]}",
            "They tell nothing; a new value in later data will move predictions in a way that was never learned.",
            new(Setting.Data, "Leave them out.", "table = new Table(table.Name, [.. table.Columns.Where(c => c.Name != \"the feature\")]);"));
    }
}
