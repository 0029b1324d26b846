using Glia.Diagnostics;

namespace Glia.Training.Diagnostics.Rules;

/// <summary>One feature alone tells the target almost perfectly, and the others are there for nothing.</summary>
internal sealed class LeakageRule : Rule
{
    private const double Telling = 0.97;
    private const int FewestSamples = 50;
    private const int FewestFeatures = 3;
    private const double ErrorBesideNext = 0.2;

    public override Symptom Symptom => Symptom.Leakage;

    // Where the next best feature tells nearly as much, the target is simply easy.
    public override Finding? Examine(RunRecord run) => run.Data.BestFeature < 0 || run.Data.Features < FewestFeatures || run.Data.BestFeatureScore < Telling || run.Data.Samples < FewestSamples
        || 1 - run.Data.BestFeatureScore >= ErrorBesideNext * (1 - run.Data.SecondFeatureScore) ? null : Found(
        Severity.Warning,
        "one feature gives the answer away",
        $"feature {run.Data.BestFeature} of {run.Data.Features} alone tells the target with a score of {run.Data.BestFeatureScore:F3} (0 is guessing, 1 is perfect), the next one with {run.Data.SecondFeatureScore:F3}",
        "Such a feature is often the target in another form, known only afterwards; the model will be worthless on new data.",
        new(Setting.Data, "Find out what the feature is, and leave it out unless it is known when predictions are made.", "table = new Table(table.Name, [.. table.Columns.Where(c => c.Name != \"the feature\")]);"));
}
