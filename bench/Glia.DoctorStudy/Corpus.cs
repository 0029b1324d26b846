using System.Globalization;
using Glia.Diagnostics;

namespace Glia.DoctorStudy;

/// <summary>
/// Sick and healthy trainings in two parts: thresholds are set by looking at the first only, recall and precision are measured on the second, with other
/// data sets, sizes and seeds.
/// </summary>
internal static class Corpus
{
    private static readonly Symptom[] TooFast = [Symptom.NonFinite, Symptom.Diverging, Symptom.Oscillating, Symptom.ExplodingGradients, Symptom.DeadUnits, Symptom.InputIgnored, Symptom.Saturation];

    private static readonly string[] Families = ["lstm", "gru", "rnn", "mlp", "transformer"];

    public static IReadOnlyList<Case> Calibration { get; } = Number(
        [
            .. Sick([Table("iris", 0), Table("two-moons", 0), Table("wine", 0)], [Numbers("diabetes", 0)], [Images(0, 300)], [Series("co2", "lstm")], "xor"),
        ],
        Healthy(["iris", "two-moons", "wine", "xor"], ["diabetes"], 400, ["co2"], [("copy", "lstm", 400)]),
        seed: 0);

    public static IReadOnlyList<Case> HeldOut { get; } = Number(
        [
            .. Sick([Table("breast-cancer", 0), Table("two-clusters", 300), Table("iris", 130)], [Numbers("diabetes", 350)], [Images(0, 600)], [Series("sunspots", "gru")], "spirals"),
        ],
        Healthy(["breast-cancer", "two-clusters", "spirals", "two-moons", "wine", "iris"], ["diabetes"], 700, ["sunspots", "co2"], [("adding", "lstm", 3000), ("copy", "gru", 600), ("moving-digits", "cnn-lstm", 700)]),
        seed: 300);

    private static Plan Table(string data, int samples) => new(data, "mlp", 0) { Samples = samples, LearningRate = 5e-3, Epochs = 60, BatchSize = 16 };

    /// <summary>A network that is large enough, trained for long enough: two spirals are not learned by a few neurons.</summary>
    private static Plan Enough(Plan plan) => plan.Data == "spirals" ? plan with { Hidden = [64, 64], Epochs = 400, LearningRate = plan.Optimizer == "momentum" ? 0.1 : 0.01 } : plan;

    private static Plan Numbers(string data, int samples) => Table(data, samples) with { LearningRate = 2e-3, Hidden = [16] };

    private static Plan Images(int seed, int samples) => new("digits", "cnn", (ulong)seed) { Samples = samples, LearningRate = 3e-3, Epochs = 25 };

    private static Plan Series(string data, string family) => new(data, family, 0) { Samples = 500, LearningRate = 3e-3, Epochs = 25, Hidden = [16], ClipNorm = 1 };

    private static IEnumerable<Case> Sick(Plan[] tables, Plan[] numbers, Plan[] images, Plan[] series, string hard)
    {
        Plan[] classes = [.. tables, .. images];
        Plan[] all = [.. classes, .. numbers];
        return
        [
            .. Each("rate too high (SGD)", all, p => p with { Optimizer = "momentum", LearningRate = 20, StopsEarly = false }, TooFast),
            .. Each("rate too high (Adam)", classes, p => p with { LearningRate = 2, StopsEarly = false, Epochs = 20 }, TooFast),
            .. Each("rate too low (SGD)", all, p => p with { Optimizer = "sgd", LearningRate = 1e-5, Epochs = 12, StopsEarly = false }, Symptom.SlowLearning),
            .. Each("rate too low (Adam)", all, p => p with { LearningRate = 1e-6, Epochs = 12, StopsEarly = false }, Symptom.SlowLearning),
            .. Each("zero weights", classes, p => p with { Weights = Start.Zero, Epochs = 15 }, Symptom.EqualWeights),
            .. Each("ten sigmoid layers", tables, p => p with { Activation = Bend.Sigmoid, Hidden = [16, 16, 16, 16, 16, 16, 16, 16, 16, 16], Epochs = 15 }, Symptom.VanishingGradients),
            .. Each("dead ReLUs", classes, p => p with { Optimizer = "adam", LearningRate = 0.5, Hidden = [32, 32], StopsEarly = false, Epochs = 20 }, [Symptom.DeadUnits, .. TooFast]),
            .. Each("unscaled inputs", all, p => p with { IsScaled = false }, Symptom.UnscaledInputs),
            .. Each("softmax twice", classes, p => p with { Head = Head.Softmax, Epochs = 15 }, Symptom.WrongHead),
            .. Each("mean squared error on class scores", classes, p => p with { Head = Head.SquaredError, Epochs = 15 }, Symptom.WrongLoss),
            .. Each("ReLU on the outputs", [.. tables[..2], .. numbers], p => p with { Head = Head.Rectified, Epochs = 15 }, Symptom.WrongHead),
            .. Each("shuffled labels", all, p => p with { DataFault = DataFault.ShuffledLabels, Epochs = 20 }, Symptom.UnrelatedLabels),
            .. Each("leakage", [.. tables, .. numbers], p => p with { DataFault = DataFault.Leak, Epochs = 20 }, Symptom.Leakage),
            .. Each("constant target", all, p => p with { DataFault = DataFault.ConstantTarget, Epochs = 10 }, Symptom.ConstantTarget),
            .. Each("frozen layer", classes, p => p with { IsFirstLayerFrozen = true, Epochs = 20 }, Symptom.FrozenWeights),
            .. Each("exploding recurrent network", series, p => p with { Family = "rnn", Weights = Start.Wide, ClipNorm = null, LearningRate = 0.05 }, [Symptom.ExplodingGradients, Symptom.NonFinite, Symptom.Diverging, Symptom.Oscillating, Symptom.PoorInitialWeights]),
            .. Each("overfit", [tables[0] with { Data = "two-moons" }, tables[1] with { Data = "spirals" }, .. numbers, .. images], p => p with { Samples = p.Data == "spirals" ? 150 : p.Family == "mlp" ? 60 : 80, Hidden = [128, 128], Epochs = 120, StopsEarly = false, LearningRate = 5e-3, DataFault = p.Data == "diabetes" ? DataFault.None : DataFault.NoisyLabels }, Symptom.Overfitting),
            .. Each("underfit", [tables[0] with { Data = hard, Samples = 0 }], p => p with { Hidden = [], LearningRate = 0.02 }, Symptom.Underfitting),
            .. Each("imbalance", [tables[0], images[0]], p => p with { DataFault = DataFault.Imbalance, Samples = 0, Epochs = 15 }, Symptom.ClassImbalance),
            .. Each("NaN in the data", [.. tables, .. images], p => p with { DataFault = DataFault.NaN, Epochs = 5 }, Symptom.NonFiniteData),
            .. Each("no activations", classes, p => p with { Activation = Bend.None, Hidden = [32, 32], Epochs = 15 }, Symptom.MissingActivation),
            .. Each("too few epochs", classes, p => p with { Epochs = 3, LearningRate = 1e-3, StopsEarly = false }, [Symptom.NotConverged, Symptom.SlowLearning, Symptom.Underfitting]),
            .. Each("wide initial weights", tables, p => p with { Weights = Start.Wide, Activation = Bend.Tanh, Hidden = [64, 64, 64], LearningRate = 1e-3, Epochs = 20 }, [Symptom.Saturation, Symptom.PoorInitialWeights, Symptom.WrongInitialLoss]),
            .. Each("validation samples among the training samples", classes, p => p with { DataFault = DataFault.Overlap, Epochs = 15 }, Symptom.SplitOverlap),
            .. Each("unscaled targets", numbers, p => p with { HasScaledTargets = false, Epochs = 15 }, Symptom.UnscaledTargets),
            .. Each("repeated samples", classes, p => p with { DataFault = DataFault.Duplicates, Epochs = 15 }, Symptom.DuplicateSamples),
            .. Each("conflicting labels", tables, p => p with { DataFault = DataFault.Conflicts, Epochs = 15 }, Symptom.ConflictingLabels),
            .. Each("constant feature", tables[..2], p => p with { DataFault = DataFault.ConstantFeature, Epochs = 15 }, Symptom.ConstantFeatures),
        ];
    }

    private static IEnumerable<Case> Healthy(string[] tables, string[] numbers, int images, string[] series, (string Data, string Family, int Samples)[] sequences)
    {
        Plan[] plans =
        [
            .. tables.Select(t => Table(t, 0)),
            .. tables.Select(t => Table(t, 0) with { Activation = Bend.Tanh, Hidden = [16, 16] }),
            .. tables.Select(t => Table(t, 0) with { Optimizer = "momentum", LearningRate = 0.02, Hidden = [24] }),
            .. tables.Select(t => Table(t, 0) with { Optimizer = "adamw", Hidden = [64, 32], LearningRate = 2e-3 }),
            .. numbers.SelectMany(n => new[] { Numbers(n, 0), Numbers(n, 0) with { Optimizer = "momentum", LearningRate = 5e-3 }, Numbers(n, 0) with { Optimizer = "rmsprop", LearningRate = 1e-3 } }),
            Images(0, images),
            Images(0, images) with { Optimizer = "momentum", LearningRate = 0.02 },
            Images(0, images) with { Family = "mlp", Hidden = [64] },
            Images(0, images) with { Family = "mlp", Hidden = [64, 32], Activation = Bend.Tanh },
            .. series.SelectMany(s => Families.Select(family => Series(s, family))),
            .. sequences.Select(s => new Plan(s.Data, s.Family, 0) { Samples = s.Samples, LearningRate = 5e-3, Epochs = s.Data == "adding" ? 60 : 12, Hidden = [32], ClipNorm = 1, BatchSize = 16 }),
        ];
        // Twice, with other weights, splits and order.
        return plans.Select(Enough).Concat(plans.Where(p => p.Data is not ("adding" or "copy" or "moving-digits")).Select(p => Enough(p))).Select(p => new Case("healthy", p, null, []));
    }

    private static IEnumerable<Case> Each(string fault, Plan[] plans, Func<Plan, Plan> spoil, params Symptom[] expected) =>
        plans.Select(p => new Case(fault, spoil(p), fault, expected));

    private static List<Case> Number(IEnumerable<Case> sick, IEnumerable<Case> healthy, ulong seed) =>
        [.. sick.Concat(healthy).Select((c, i) => c with
        {
            Plan = c.Plan with { Seed = seed + (ulong)i },
            Name = string.Create(CultureInfo.InvariantCulture, $"{c.Name}: {c.Plan.Data}, {c.Plan.Family}, seed {seed + (ulong)i}"),
        })];
}
