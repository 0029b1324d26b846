using System.Diagnostics;
using Glia.Data;
using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;

namespace Glia.Results;

/// <summary>The cells that are compared.</summary>
internal enum MemoryCell
{
    SimpleRnn,
    Gru,
    Lstm,
}

/// <summary>A task whose answer lies far back in the sequence, and the budget that every cell gets for it.</summary>
/// <param name="Name">The name of its rows.</param>
/// <param name="Description">Sequences and target, for the page.</param>
/// <param name="Measure">What is measured on the test sequences.</param>
/// <param name="Chance">What a network without memory reaches.</param>
/// <param name="Create">Makes so many sequences from a seed.</param>
internal sealed record MemoryTask(string Name, string Description, string Measure, string Chance, Func<int, ulong, TensorDataset> Create)
{
    public const int TestCount = 2000;
    private const ulong TestSeed = 1_000_000_000;

    public const int BatchSize = 32;
    public const double ClipNorm = 1;

    /// <summary>The simple cell is trained with the rate of the others and with a smaller one, and the better result counts.</summary>
    public const double SmallerRate = 0.1;

    /// <summary>Units of the recurrent layer.</summary>
    public required int Hidden { get; init; }

    /// <summary>The first value of the Lstm's forget bias.</summary>
    public double ForgetBias { get; init; } = 1;

    /// <summary>Logits or values of one answer.</summary>
    public required int Outputs { get; init; }

    /// <summary>Whether every time step is answered, or the sequence as a whole.</summary>
    public bool IsSequence { get; init; }

    public required int Steps { get; init; }

    public required double LearningRate { get; init; }

    public required Loss Loss { get; init; }

    /// <summary>What <see cref="Measure"/> names, of a prediction and its target.</summary>
    public required Func<Tensor, Tensor, double> Score { get; init; }

    /// <summary>The score as the page shows it.</summary>
    public required Func<double, string> Format { get; init; }

    public static IReadOnlyList<MemoryTask> All { get; } =
    [
        new(
            "adding, T = 100",
            "100 numbers from [0, 1), two of them marked, one in each half; the target is the sum of the two",
            "test MSE",
            "0.167",
            (count, seed) => SequenceTasks.Adding(count, 100, seed))
        {
            Hidden = 32,
            Outputs = 1,
            Steps = 2000,
            LearningRate = 1e-2,
            Loss = Loss.MeanSquaredError,
            Score = (prediction, target) => (prediction - target).Square().Mean().Item(),
            Format = value => value.ToString("F4", System.Globalization.CultureInfo.InvariantCulture),
        },
        new(
            "copy, delay 30",
            "5 symbols of 8, 30 steps later to be repeated in their order",
            "symbols repeated wrongly",
            "87.5 %",
            (count, seed) => SequenceTasks.Copy(count, delay: 30, length: 5, seed: seed))
        {
            Hidden = 64,
            Outputs = 10,
            IsSequence = true,
            Steps = 2500,
            LearningRate = 1e-2,
            Loss = new CrossEntropyLoss(classAxis: -1),
            Score = (prediction, target) => Wrong(prediction.Slice(1, 35, 5), target.Slice(1, 35, 5)),
            Format = Percent,
        },
        new(
            "temporal order, T = 100",
            "100 to 110 symbols with an X or a Y early on and another past the middle; the class is which came in which order",
            "sequences classified wrongly",
            "75.0 %",
            (count, seed) => SequenceTasks.TemporalOrder(count, 100, seed))
        {
            Hidden = 32,
            ForgetBias = 4,
            Outputs = 4,
            Steps = 2500,
            LearningRate = 5e-3,
            Loss = Loss.CrossEntropy,
            Score = Wrong,
            Format = Percent,
        },
    ];

    public SequentialNetwork Build(MemoryCell cell, ulong seed)
    {
        var shape = Create(1, 0).InputShape;
        var input = Network.Input(shape[0], shape[1]);
        var recurrent = cell switch
        {
            MemoryCell.SimpleRnn => input.SimpleRnn(Hidden, IsSequence),
            MemoryCell.Gru => input.Gru(Hidden, IsSequence),
            _ => input.Lstm(Hidden, IsSequence, new() { ForgetBias = ForgetBias }),
        };
        return recurrent.Dense(Outputs).Build(seed);
    }

    /// <summary>Trains on new sequences at every step and looks at the test sequences once, at the end.</summary>
    public MemoryRow Run(MemoryCell cell, ulong seed, Action<int, double> progress)
    {
        var row = Run(cell, seed, LearningRate, progress);
        if (cell != MemoryCell.SimpleRnn)
            return row;
        var other = Run(cell, seed, SmallerRate * LearningRate, progress);
        return other.Score < row.Score ? other : row;
    }

    private MemoryRow Run(MemoryCell cell, ulong seed, double learningRate, Action<int, double> progress)
    {
        var network = Build(cell, seed);
        var optimizer = new Adam(learningRate).Attach(network.Parameters);
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < Steps; step++)
        {
            using var scope = new TensorScope();
            var batch = Create(BatchSize, (seed * (ulong)Steps) + (ulong)step);
            var loss = Loss.Compute(network.Forward(batch.Inputs, Context(batch)), batch.Targets);
            loss.Backward();
            GradientClipping.ByNorm(network.Parameters, ClipNorm);
            optimizer.Step();
            optimizer.ZeroGrad();
            progress(step + 1, loss.Item());
        }
        var seconds = clock.Elapsed.TotalSeconds;
        using var noGrad = Gradients.NoGrad();
        var test = Create(TestCount, TestSeed);
        return new(this, cell, seed, network.ParameterCount, Score(network.Forward(test.Inputs, Context(test)), test.Targets), seconds);
    }

    private static ForwardContext Context(TensorDataset data) =>
        data.Lengths is { } lengths ? ForwardContext.Inference.WithLengths(lengths) : ForwardContext.Inference;

    private static double Wrong(Tensor prediction, Tensor target)
    {
        var answers = prediction.ArgMax(-1).ToArray<long>();
        return answers.Zip(target.ToArray<long>()).Average(pair => pair.First == pair.Second ? 0.0 : 1);
    }

    private static string Percent(double value) => (100 * value).ToString("F1", System.Globalization.CultureInfo.InvariantCulture) + " %";
}

/// <summary>One training run and its result on the test sequences.</summary>
internal sealed record MemoryRow(MemoryTask Task, MemoryCell Cell, ulong Seed, long Parameters, double Score, double Seconds);
