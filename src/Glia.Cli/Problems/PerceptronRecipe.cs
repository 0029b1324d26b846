using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;
using Glia.Models;

namespace Glia.Cli.Problems;

/// <summary>Rosenblatt's perceptron, learned by its own rule. Its model file holds one fully connected layer with one output, w·x + b, whose sign decides.</summary>
internal sealed class PerceptronRecipe : Recipe
{
    private const int PlainLines = 25;

    private readonly Perceptron _perceptron;
    private readonly double _learningRate;
    private readonly int _passes;

    private PerceptronRecipe(Problem problem, TrainOptions options)
    {
        _perceptron = new Perceptron(problem.Train.InputShape.Count, PerceptronLabels.MinusOneAndOne, options.Seed);
        _learningRate = options.LearningRate ?? 1;
        _passes = options.Epochs ?? 100;
        var input = Glia.Network.Input(problem.Train.InputShape.Sizes);
        Network = (problem.Kind == ProblemKind.Images ? input.Flatten() : input).Dense(1, name: "output").Build();
        CopyWeights();
    }

    public override string Family => "perceptron";

    public override FamilyKind Kind => FamilyKind.Perceptron;

    public override SequentialNetwork Network { get; }

    public static PerceptronRecipe Create(Problem problem, TrainOptions options)
    {
        (string Name, bool IsGiven)[] useless =
        [
            ("--from", options.From is not null), ("--optimizer", options.Optimizer is not null), ("--hidden", options.Hidden is not null), ("--batch-size", options.BatchSize is not null),
            ("--augment", options.Augment != AugmentKind.None), ("--steps", options.Steps is not null), ("--learning-rate auto", options.TunesLearningRate),
            ("--schedule", options.Schedule is not null),
            ("--momentum", options.Momentum is not null), ("--weight-decay", options.WeightDecay is not null), ("--clip-norm", options.ClipNorm is not null),
            ("--dropout", options.Dropout is not null), ("--activation", options.Activation is not null), ("--patience", options.Patience is not null), ("--tensorboard", options.TensorBoard is not null),
        ];
        if (Array.Find(useless, option => option.IsGiven).Name is { } name)
            throw new UserException($"{name} means nothing for a perceptron, which has one neuron and learns sample by sample with its own rule. Leave it out, or use --family mlp.");
        if (problem.Classes.Count == 0)
            throw new UserException($"{options.Data}: a perceptron tells two classes apart, but '{problem.Target}' is a number. Use --family mlp; with --hidden 0 it is linear regression.");
        if (problem.Classes.Count != 2)
            throw new UserException($"{options.Data}: a perceptron tells two classes apart, but '{problem.Target}' has {problem.Classes.Count}. Use --family mlp.");
        return new PerceptronRecipe(problem, options);
    }

    public override string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"perceptron rule w ← w + α(y − ŷ)x, learning rate α = {_learningRate}, at most {_passes} passes, stops at a pass without a mistake; the validation part is not used");

    public override JsonObject Settings(ulong seed) => new() { ["learningRate"] = _learningRate, ["epochs"] = _passes, ["seed"] = seed };

    public override TrainingLog Train(Problem problem, ulong seed, Terminal terminal, RunCheckpoints checkpoints, CancellationToken cancellation)
    {
        var (samples, targets) = Read(problem.Train);
        var mistakes = new List<int>();
        var clock = Stopwatch.StartNew();
        PerceptronReport report;
        do
        {
            // One pass at a time, to tell how it goes and to end when asked.
            var begin = clock.Elapsed;
            mistakes.AddRange(_perceptron.Fit(samples, targets, _learningRate, maxPasses: 1).MistakesPerPass);
            report = new PerceptronReport(mistakes, samples.Length);
            History?.AddPass(mistakes.Count, _learningRate, (clock.Elapsed - begin).TotalSeconds, mistakes[^1]);
            var isLast = report.Converged || mistakes.Count == _passes || cancellation.IsCancellationRequested;
            if (isLast || _passes <= PlainLines || mistakes.Count <= 3 || mistakes.Count % (_passes / PlainLines) == 0)
                terminal.Line(string.Create(CultureInfo.InvariantCulture, $"pass {mistakes.Count,3}/{_passes}  {mistakes[^1]:N0} mistake{(mistakes[^1] == 1 ? "" : "s")} on {samples.Length:N0} samples"));
            if (isLast)
                break;
        }
        while (true);
        clock.Stop();
        CopyWeights();
        terminal.Line(report.Explanation);
        if (!report.Converged)
            terminal.Line("The weights are those after the last pass. For a multi-layer perceptron: --family mlp");
        var log = new PerceptronLog(_perceptron, report, clock.Elapsed, cancellation.IsCancellationRequested, samples, targets);
        log.PrintWeights(terminal, problem);
        return log;
    }

    private static (double[][] Samples, double[] Targets) Read(Dataset data)
    {
        var samples = new List<double[]>(data.Count);
        var targets = new List<double>(data.Count);
        foreach (var (input, target) in new DataLoader(data, 256, shuffle: false).Epoch())
        {
            var values = Array.ConvertAll(input.ToArray<float>(), x => (double)x);
            samples.AddRange(values.Chunk(data.InputShape.Count));
            targets.AddRange(target.ToArray<long>().Select(c => c == 0 ? -1.0 : 1));
        }
        return ([.. samples], [.. targets]);
    }

    private void CopyWeights()
    {
        float[] weights = [.. _perceptron.Weights.ToArray().Select(w => (float)w)];
        if (!Array.TrueForAll([.. weights, (float)_perceptron.Bias], float.IsFinite))
            throw new UserException(string.Create(CultureInfo.InvariantCulture, $"The perceptron's weights became too large at learning rate {_learningRate}. Give a smaller --learning-rate, such as 1."));
        var dense = (Dense)Network.Layers[^1];
        dense.Weight.CopyFrom(Tensor.From(weights, dense.Weight.Shape));
        dense.Bias!.CopyFrom(Tensor.From([(float)_perceptron.Bias]));
    }
}
