using Glia.Diagnostics;
using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

public class RuleBookTests
{
    public static TheoryData<Symptom> Symptoms => [.. RuleBook.Rules.Select(r => r.Symptom)];

    private static Rule RuleOf(Symptom symptom) => RuleBook.Rules.Single(r => r.Symptom == symptom);

    [Theory]
    [MemberData(nameof(Symptoms))]
    public void SickRecord_IsFound_HealthyOneIsNot(Symptom symptom)
    {
        var rule = RuleOf(symptom);
        Assert.True(Records.Sick.TryGetValue(symptom, out var sick), $"The rule of {symptom} has no case in Records.Sick.");
        var finding = rule.Examine(sick!);

        Assert.NotNull(finding);
        Assert.Equal(symptom, finding.Symptom);
        Assert.All((string[])[finding.Summary, finding.Evidence, finding.Reason, finding.Remedy.Advice, finding.Remedy.Code], Assert.NotEmpty);
        Assert.Contains(symptom, TrainingDoctor.Examine(sick!).Select(f => f.Symptom));
        Assert.Null(rule.Examine(Records.Healthy));
    }

    [Fact]
    public void HealthyRecord_HasNoFindings() => Assert.Empty(TrainingDoctor.Examine(Records.Healthy));

    [Fact]
    public void Rules_HaveASymptomEach_AndNoneExplainsItself()
    {
        Assert.Equal(RuleBook.Rules.Count, RuleBook.Rules.Select(r => r.Symptom).Distinct().Count());
        Assert.All(RuleBook.Rules, r => Assert.DoesNotContain(r.Symptom, r.Explains));
        // Values that are missing are seen in tables only, before they become numbers.
        Assert.Equal([Symptom.MissingValues], Enum.GetValues<Symptom>().Except(RuleBook.Rules.Select(r => r.Symptom)));
    }

    [Theory]
    [MemberData(nameof(Symptoms))]
    public void PartsThatWereNotMeasured_AreNoReasonToFail(Symptom symptom)
    {
        var (rule, sick) = (RuleOf(symptom), Records.Sick[symptom]);
        rule.Examine(new RunRecord { Settings = new(), Data = new(), Model = new() });
        rule.Examine(sick with { Settings = new() });
        rule.Examine(sick with { Data = new() });
        rule.Examine(sick with { Model = new() });
        rule.Examine(sick with { Losses = [] });
        rule.Examine(Records.Healthy with { Losses = [] });
        rule.Examine(sick with { Epochs = [] });
        rule.Examine(sick with { Probes = [] });
        rule.Examine(sick with { Epochs = Records.Epochs(_ => 0.5, null, 20) });
        rule.Examine(sick with { Probes = [.. sick.Probes.Select(p => p with { Parameters = [], Activations = [], OutputVariation = double.NaN })] });
        rule.Examine(sick with { Losses = [.. Enumerable.Repeat(double.NaN, 30)] });
    }

    [Theory]
    [InlineData(Symptom.NonFiniteData, "NaN in input 1 of sample 50")]
    [InlineData(Symptom.ConstantTarget, "the target is 2 in all of 150 samples")]
    [InlineData(Symptom.LabelOutOfRange, "labels go up to 3, but the model has 3 outputs, for labels 0 to 2")]
    [InlineData(Symptom.Leakage, "feature 2 of 4 alone tells the target with a score of 0.995 (0 is guessing, 1 is perfect), the next one with 0.500")]
    [InlineData(Symptom.SplitOverlap, "25 % of the validation samples have the same input as one to learn from")]
    [InlineData(Symptom.ConflictingLabels, "12.5 % of the samples have the same input as another one with another label")]
    [InlineData(Symptom.UnscaledInputs, "features reach a size of 500; the largest deviation is 500 times the smallest")]
    [InlineData(Symptom.UnscaledTargets, "they have mean 250 and standard deviation 75")]
    [InlineData(Symptom.ClassImbalance, "class 1 has 4 of 150 samples looked at, class 0 has 100")]
    [InlineData(Symptom.ConstantFeatures, "1 of 4 features have one value in all samples, the first is feature 2")]
    [InlineData(Symptom.WrongInitialLoss, "it is 7 before the first step, where even guesses over 3 classes give ln 3 = 1.10")]
    [InlineData(Symptom.CannotOverfitBatch, "after 200 steps on the same 16 samples 90 % of the loss is left")]
    [InlineData(Symptom.ExplodingGradients, "the root mean square of the gradients, largest weight by weight, reaches 50 at step 7; its median is 0.1")]
    [InlineData(Symptom.VanishingGradients, "the gradient of 'fc1.weight' is 0.0001 of that of the last weight, in 12 of 12 steps looked at")]
    [InlineData(Symptom.DeadUnits, "75 % of the units of 'relu1' give 0 for every sample of a batch, from step 9 on")]
    [InlineData(Symptom.Saturation, "80 % of the values of 'tanh2' lie at the flat ends of its range, from step 7 on")]
    [InlineData(Symptom.ConstantLoss, "it is 1 in the first tenth of the steps and 1 in the last fifth")]
    [InlineData(Symptom.Underfitting, "its best training loss is 1.05, a constant prediction has 1.099")]
    [InlineData(Symptom.FrozenWeights, "fc1.weight: the same after every step looked at, though there are gradients")]
    public void Evidence_NamesTheNumbers(Symptom symptom, string evidence) => Assert.Equal(evidence, RuleOf(symptom).Examine(Records.Sick[symptom])!.Evidence);

    [Theory]
    [InlineData(Symptom.MissingActivation, "fc1", null)]
    [InlineData(Symptom.EqualWeights, "fc1", null)]
    [InlineData(Symptom.PoorInitialWeights, "fc1", null)]
    [InlineData(Symptom.NonFinite, "fc2", 12L)]
    [InlineData(Symptom.ExplodingGradients, null, 7L)]
    [InlineData(Symptom.DeadUnits, "relu1", 9L)]
    [InlineData(Symptom.Saturation, "tanh2", 7L)]
    public void Finding_SaysWhichLayerAndStep(Symptom symptom, string? layer, long? step)
    {
        var finding = RuleOf(symptom).Examine(Records.Sick[symptom])!;
        Assert.Equal((layer, step), (finding.Layer, finding.Step));
    }

    [Theory]
    [InlineData(Symptom.SlowLearning, Setting.LearningRate, 3.0, "--learning-rate 3")]
    [InlineData(Symptom.Diverging, Setting.LearningRate, 0.001, "--learning-rate 0.001")]
    [InlineData(Symptom.NotConverged, Setting.Epochs, 20.0, "--epochs 20")]
    [InlineData(Symptom.ExplodingGradients, Setting.ClipNorm, 1.0, null)]
    [InlineData(Symptom.Overfitting, Setting.Regularization, 2.0, "--epochs 2")]
    public void Remedy_HasAValueAndAnOption(Symptom symptom, Setting setting, double value, string? option)
    {
        var remedy = RuleOf(symptom).Examine(Records.Sick[symptom])!.Remedy;
        Assert.Equal((setting, value, option), (remedy.Setting, remedy.Value, remedy.Option));
    }

    [Fact]
    public void Remedy_ForHugeFirstSteps_BringsThemToAHundredthOfTheWeights()
    {
        // A tenth of 0.01 would leave steps as large as the weights.
        var run = Records.Sick[Symptom.Diverging] with { Probes = Records.Probes(ratio: (_, _) => 10) };
        Assert.Equal(1e-5, RuleOf(Symptom.Diverging).Examine(run)!.Remedy.Value!.Value, 1e-12);
    }

    [Fact]
    public void Consequences_AreHidden_WhereTheirCauseIsFound()
    {
        var pairs = 0;
        foreach (var cause in RuleBook.Rules)
        {
            foreach (var consequence in cause.Explains)
            {
                var run = Both(Records.Sick[cause.Symptom], Records.Sick[consequence]);
                if (cause.Examine(run) is null || RuleOf(consequence).Examine(run) is null)
                    continue;
                pairs++;
                Assert.DoesNotContain(consequence, RuleBook.Examine(run).Select(f => f.Symptom));
            }
        }
        // Some pairs cannot be told by one record: they say different things of the same numbers.
        Assert.InRange(pairs, RuleBook.Rules.Sum(r => r.Explains.Count) / 2, int.MaxValue);
    }

    [Fact]
    public void NaNInTheData_ExplainsTheFailure_ButHidesNothingElse()
    {
        var run = Records.Sick[Symptom.NonFinite] with { Data = Records.Sick[Symptom.NonFiniteData].Data with { ClassCounts = [100, 4, 46] } };
        Assert.NotNull(RuleOf(Symptom.NonFinite).Examine(run));
        Assert.Equal([Symptom.NonFiniteData, Symptom.ClassImbalance], RuleBook.Examine(run).Select(f => f.Symptom));
    }

    [Fact]
    public void Findings_AreOrderedBySeverity()
    {
        var run = Records.Sick[Symptom.DuplicateSamples] with
        {
            Data = Records.Healthy.Data with { DuplicateShare = 0.1, ConflictShare = 0.1, OverlapShare = 0.9 },
            Model = Records.Sick[Symptom.WrongHead].Model,
        };
        Assert.Equal([Symptom.SplitOverlap, Symptom.WrongHead, Symptom.ConflictingLabels, Symptom.DuplicateSamples], RuleBook.Examine(run).Select(f => f.Symptom));
    }

    [Fact]
    public void Finding_AsText_HasSummaryEvidenceReasonAndRemedy()
    {
        var text = RuleOf(Symptom.SplitOverlap).Examine(Records.Sick[Symptom.SplitOverlap])!.ToString().Split('\n');
        Assert.Equal(5, text.Length);
        Assert.Equal("Error: validation samples are among the training samples", text[0]);
        Assert.Equal("  seen:   25 % of the validation samples have the same input as one to learn from", text[1]);
        Assert.StartsWith("  reason: ", text[2], StringComparison.Ordinal);
        Assert.StartsWith("  do:     Remove repeated rows", text[3], StringComparison.Ordinal);
        Assert.Contains("Splits.Stratified", text[4], StringComparison.Ordinal);
    }

    /// <summary>What differs from the healthy record in either.</summary>
    private static RunRecord Both(RunRecord a, RunRecord b)
    {
        var healthy = Records.Healthy;
        return a with
        {
            Data = a.Data == healthy.Data ? b.Data : a.Data,
            Model = a.Model == healthy.Model ? b.Model : a.Model,
            Losses = ReferenceEquals(a.Losses, healthy.Losses) ? b.Losses : a.Losses,
            Epochs = ReferenceEquals(a.Epochs, healthy.Epochs) ? b.Epochs : a.Epochs,
            Probes = ReferenceEquals(a.Probes, healthy.Probes) ? b.Probes : a.Probes,
            Failure = a.Failure ?? b.Failure,
        };
    }
}
