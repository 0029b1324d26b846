using Glia.Diagnostics;
using Glia.Training.Diagnostics.Rules;

namespace Glia.Training.Diagnostics;

/// <summary>All rules, in the order in which findings of equal weight are told: data, model, training.</summary>
internal static class RuleBook
{
    public static IReadOnlyList<Rule> Rules { get; } =
    [
        new NonFiniteDataRule(),
        new ConstantTargetRule(),
        new LabelOutOfRangeRule(),
        new LeakageRule(),
        new SplitOverlapRule(),
        new UnrelatedLabelsRule(),
        new ConflictingLabelsRule(),
        new UnscaledInputsRule(),
        new UnscaledTargetsRule(),
        new ClassImbalanceRule(),
        new DuplicateSamplesRule(),
        new ConstantFeaturesRule(),
        new WrongHeadRule(),
        new WrongLossRule(),
        new MissingActivationRule(),
        new EqualWeightsRule(),
        new PoorInitialWeightsRule(),
        new WrongInitialLossRule(),
        new CannotOverfitBatchRule(),
        new NonFiniteRule(),
        new DivergingRule(),
        new FrozenWeightsRule(),
        new ExplodingGradientsRule(),
        new VanishingGradientsRule(),
        new DeadUnitsRule(),
        new SaturationRule(),
        new OscillatingRule(),
        new SlowLearningRule(),
        new InputIgnoredRule(),
        new ConstantLossRule(),
        new UnderfittingRule(),
        new OverfittingRule(),
        new SuspiciousValidationRule(),
        new NotConvergedRule(),
    ];

    /// <summary>What the rules find, less what other findings explain, the worst first.</summary>
    public static IReadOnlyList<Finding> Examine(RunRecord run)
    {
        var found = new List<Finding>();
        var explained = new HashSet<Symptom>();
        foreach (var rule in Rules)
        {
            if (rule.Examine(run) is not { } finding)
                continue;
            found.Add(finding);
            explained.UnionWith(rule.Explains);
        }
        return [.. found.Where(f => !explained.Contains(f.Symptom)).OrderByDescending(f => f.Severity)];
    }
}
