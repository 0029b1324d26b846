using Glia.Diagnostics;
using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

/// <summary>Records of runs made by hand: a healthy one, and for each symptom one that differs from it in this alone.</summary>
internal static class Records
{
    private static readonly string[] Weights = ["fc1.weight", "fc2.weight", "fc3.weight"];

    /// <summary>Three classes, learned well by a network of three layers in 100 steps and 10 epochs.</summary>
    public static RunRecord Healthy { get; } = new()
    {
        Settings = new() { Optimizer = "Adam", LearningRate = 0.01, BatchSize = 15, Epochs = 10, StepsPerEpoch = 10, Loss = "cross-entropy" },
        Data = new()
        {
            Samples = 150,
            ValidationSamples = 40,
            InputRank = 1,
            Features = 4,
            TargetsPerSample = 1,
            FeatureStds = [1, 1.1, 0.9, 1],
            FeatureMeans = [0, 0.1, -0.1, 0],
            ClassCounts = [50, 50, 50],
            AreClasses = true,
            TargetMin = 0,
            TargetMax = 2,
            TargetMean = 1,
            TargetStd = 0.8,
            BestFeature = 2,
            BestFeatureScore = 0.6,
            SecondFeatureScore = 0.5,
            NeighbourSignal = 12,
            BaselineLoss = Math.Log(3),
        },
        Model = new()
        {
            Parameters = 200,
            Layers = [Linear("fc1"), Layer("relu1", "ReLU", LayerRole.Rectifier), Linear("fc2"), Layer("tanh2", "Tanh", LayerRole.Squashing), Linear("fc3")],
            Outputs = 3,
            OutputMin = -1,
            OutputMax = 1,
            InitialLoss = 1.1,
            OneBatchLoss = 0.01,
        },
        Losses = [.. Enumerable.Range(0, 100).Select(i => 1.1 * Math.Exp(-i / 12.0))],
        Epochs = Epochs(e => 1.1 * Math.Exp(-e / 1.2), e => (1.1 * Math.Exp(-e / 1.2)) + 0.05),
        Probes = Probes(),
    };

    public static IReadOnlyDictionary<Symptom, RunRecord> Sick { get; } = new Dictionary<Symptom, RunRecord>
    {
        [Symptom.NonFiniteData] = With(d => d with { NonFinite = "NaN in input 1 of sample 50" }),
        [Symptom.ConstantTarget] = With(d => d with { TargetMin = 2, TargetMax = 2, ClassCounts = [0, 0, 150] }),
        [Symptom.LabelOutOfRange] = With(d => d with { TargetMax = 3, ClassCounts = [0, 50, 50, 50] }),
        [Symptom.Leakage] = With(d => d with { BestFeatureScore = 0.995 }),
        [Symptom.SplitOverlap] = With(d => d with { OverlapShare = 0.25 }),
        [Symptom.UnrelatedLabels] = With(d => d with { NeighbourSignal = 0.5 }) with { Epochs = Epochs(e => 1.1 - (0.05 * e), _ => 1.1) },
        [Symptom.ConflictingLabels] = With(d => d with { ConflictShare = 0.125 }),
        [Symptom.UnscaledInputs] = With(d => d with { FeatureStds = [1, 500, 1, 1] }),
        [Symptom.UnscaledTargets] = With(d => d with { AreClasses = false, ClassCounts = [], TargetMin = 100, TargetMax = 400, TargetMean = 250, TargetStd = 75 }),
        [Symptom.ClassImbalance] = With(d => d with { ClassCounts = [100, 4, 46] }),
        [Symptom.DuplicateSamples] = With(d => d with { DuplicateShare = 0.3 }),
        [Symptom.ConstantFeatures] = With(d => d with { FeatureStds = [1, 1, 0, 1] }),
        [Symptom.WrongHead] = Model(m => m with { GivesDistributions = true, OutputMin = 0 }),
        [Symptom.WrongLoss] = With(d => d with { AreClasses = false, AreOneHot = true, ClassCounts = [], TargetsPerSample = 3, TargetMax = 1 }) with { Settings = Healthy.Settings with { Loss = "mean squared error" } },
        [Symptom.MissingActivation] = Model(m => m with { Layers = [Linear("fc1"), Layer("dropout1", "Dropout", LayerRole.Passive), Linear("fc2")] }),
        [Symptom.EqualWeights] = Model(m => m with { Layers = [Linear("fc1") with { HasEqualWeights = true }, .. m.Layers.Skip(1)] }),
        [Symptom.PoorInitialWeights] = Model(m => m with { Layers = [Linear("fc1") with { OutputStd = 40 }, .. m.Layers.Skip(1)] }),
        [Symptom.WrongInitialLoss] = Model(m => m with { InitialLoss = 7 }),
        [Symptom.CannotOverfitBatch] = Model(m => m with { OneBatchLoss = 0.9 }),
        [Symptom.NonFinite] = Healthy with { Failure = "The loss became NaN in epoch 2, step 12.", FailureStep = 12, FailureLayer = "fc2" },
        [Symptom.Diverging] = Healthy with { Losses = [.. Enumerable.Range(0, 100).Select(i => 1.1 + i)] },
        [Symptom.FrozenWeights] = Healthy with { Probes = Probes(ratio: (_, layer) => layer == 0 ? 0 : 1e-3) },
        [Symptom.ExplodingGradients] = Healthy with { Probes = Probes(gradient: (step, layer) => step == 7 && layer == 1 ? 50 : 0.1) },
        [Symptom.VanishingGradients] = Healthy with { Probes = Probes(gradient: (_, layer) => Math.Pow(100, layer - 2)) },
        [Symptom.DeadUnits] = Healthy with { Probes = Probes(dead: 0.75) },
        [Symptom.Saturation] = Healthy with { Probes = Probes(saturated: 0.8) },
        [Symptom.Oscillating] = Healthy with { Epochs = Epochs(e => e % 2 == 0 ? 0.9 : 0.5, _ => 0.6) },
        [Symptom.SlowLearning] = Healthy with { Probes = Probes(ratio: (_, _) => 1e-5), Losses = [.. Enumerable.Range(0, 100).Select(i => 1.1 - (0.0005 * i))] },
        [Symptom.InputIgnored] = Healthy with { Probes = Probes(variation: 1e-5) },
        [Symptom.ConstantLoss] = Healthy with { Losses = [.. Enumerable.Repeat(1.0, 100)] },
        [Symptom.Underfitting] = Healthy with { Epochs = Epochs(_ => 1.05, _ => 1.06) },
        [Symptom.Overfitting] = Healthy with { Epochs = Epochs(e => 1.1 * Math.Exp(-e / 2.0), e => 0.5 + (0.1 * Math.Abs(e - 3))) },
        [Symptom.SuspiciousValidation] = Healthy with { Epochs = Epochs(e => e < 4 ? 0.9 - (0.1 * e) : 0.5, _ => 0.1) },
        [Symptom.NotConverged] = Healthy with { Epochs = Epochs(e => 1 - (0.08 * e), e => 1 - (0.08 * e)) },
    };

    public static LayerProfile Linear(string name) => Layer(name, "Dense", LayerRole.Linear);

    public static LayerProfile Layer(string name, string type, LayerRole role) => new(name, type, role, role == LayerRole.Linear ? 60 : 0) { IsInChain = true, OutputStd = 0.8 };

    public static IReadOnlyList<EpochRecord> Epochs(Func<int, double> training, Func<int, double>? validation, int count = 10) => [.. Enumerable.Range(1, count).Select(e => new EpochRecord
    {
        Epoch = e,
        LearningRate = 0.01,
        TrainingSeconds = 1,
        Training = Loss(training(e)),
        Validation = validation is null ? null : Loss(validation(e)),
    })];

    public static IReadOnlyList<Probe> Probes(Func<long, int, double>? gradient = null, Func<long, int, double>? ratio = null, double dead = 0.1, double saturated = 0.1, double variation = 0.9) =>
        [.. Enumerable.Range(1, 12).Select(step => new Probe(
            step,
            [.. Weights.Select((name, layer) => new ParameterProbe(name, gradient?.Invoke(step, layer) ?? 0.1, 0, 0.3, ratio?.Invoke(step, layer) ?? 2e-3))],
            [new("relu1", LayerRole.Rectifier, dead, 0), new("tanh2", LayerRole.Squashing, 0, saturated)],
            variation))];

    private static Dictionary<string, double> Loss(double value) => new() { ["loss"] = value };

    private static RunRecord With(Func<DataProfile, DataProfile> change) => Healthy with { Data = change(Healthy.Data) };

    private static RunRecord Model(Func<ModelProfile, ModelProfile> change) => Healthy with { Model = change(Healthy.Model) };
}
