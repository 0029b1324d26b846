using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;
using Glia.Training;
using Glia.Training.Tuning;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Problems;

/// <summary>A network trained by gradients in mini-batches, with early stopping.</summary>
internal sealed class NetworkRecipe : Recipe
{
    /// <summary>A search for a learning rate tries none above.</summary>
    public const double LargestRate = 10;

    private const double DefaultMomentum = 0.9;

    private readonly TrainingDefaults _defaults;
    private readonly OptimizerKind _optimizer;
    private readonly double? _momentum;
    private readonly double _weightDecay;
    private readonly double? _clipNorm;
    private readonly ScheduleKind _schedule;
    private readonly int _patience;
    private readonly int _epochs;
    private readonly int? _steps;
    private readonly AugmentKind _augment;
    private readonly ImageAugmentation? _augmentation;
    private readonly ulong _seed;
    private readonly Dataset _train;

    public NetworkRecipe(FamilyKind family, Problem problem, TrainOptions options)
    {
        Kind = family;
        _defaults = TrainingDefaults.For(problem);
        (_augment, _augmentation) = (options.Augment, Augmentations.For(problem, options));
        _optimizer = options.Optimizer ?? _defaults.Optimizer;
        LearningRate = options.LearningRate ?? (_optimizer == OptimizerKind.Sgd ? 0.02 : _defaults.LearningRate);
        // What is believed beforehand, small weights, counts the less the more samples there are.
        _weightDecay = options.WeightDecay ?? (_optimizer == OptimizerKind.AdamW ? Math.Clamp(100.0 / problem.Train.Count, 0.01, 1) : 0);
        _momentum = options.Momentum;
        _clipNorm = options.ClipNorm ?? _defaults.ClipNorm;
        _schedule = options.Schedule ?? ScheduleKind.Constant;
        _patience = options.Patience ?? _defaults.Patience;
        BatchSize = options.BatchSize ?? _defaults.BatchSize;
        _steps = options.Steps;
        RequireFits(problem);
        (_train, _epochs) = _defaults.StepsPerRound is { } perRound ? Rounds(problem.Train, perRound, options) : (problem.Train, options.Epochs ?? _defaults.Epochs);
        _seed = options.Seed;
        _train = Augmented(_train);
        (Family, Network) = options.From is { } from ? StartingNetwork.Load(from, problem, options) : Architectures.Create(family, problem, options);
    }

    public override string Family { get; }

    public override FamilyKind Kind { get; }

    public override SequentialNetwork Network { get; }

    /// <summary>The step size.</summary>
    public double LearningRate { get; set; }

    /// <summary>Samples per step.</summary>
    public int BatchSize { get; }

    /// <summary>How the learning rate was searched, as JSON; null where it was given.</summary>
    public JsonNode? Tuning { get; set; }

    /// <summary>Watches the training.</summary>
    public TrainingDoctor Doctor { get; } = new();

    public string OptimizerName => CreateOptimizer().Name;

    public override string Describe()
    {
        var schedule = _schedule == ScheduleKind.Constant ? "" : $" by a {(_schedule == ScheduleKind.Cosine ? "cosine" : "one-cycle")} schedule";
        var momentum = _momentum is { } share ? FormattableString.Invariant($", momentum {share}") : "";
        var decay = _weightDecay > 0 ? FormattableString.Invariant($", weight decay {_weightDecay:G2}") : "";
        var clip = _clipNorm is { } norm ? FormattableString.Invariant($", gradients clipped at norm {norm}") : "";
        var augmentation = _augmentation is null ? "" : $"\naugmentation: {Augmentations.Describe(_augmentation)}";
        var perRound = (_train.Count + BatchSize - 1) / BatchSize;
        var length = _defaults.StepsPerRound is null
            ? $"at most {_epochs} epochs{(_steps is { } most ? $" and {most} steps" : "")}"
            : $"at most {Math.Min(_steps ?? long.MaxValue, (long)_epochs * perRound)} steps in rounds of {perRound}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{CreateOptimizer().Name}, learning rate {LearningRate}{schedule}{momentum}{decay}{clip}, batch size {BatchSize}, {length}, stops after {_patience} without improvement{augmentation}");
    }

    public override JsonObject Settings(ulong seed) => new()
    {
        ["optimizer"] = CreateOptimizer().Name,
        ["learningRate"] = LearningRate,
        ["learningRateTuning"] = Tuning?.DeepClone(),
        ["schedule"] = _schedule.ToString(),
        ["momentum"] = _momentum ?? DefaultMomentum,
        ["weightDecay"] = _weightDecay,
        ["clipNorm"] = _clipNorm,
        ["batchSize"] = BatchSize,
        ["epochs"] = _epochs,
        ["steps"] = _steps,
        ["augmentation"] = _augment.ToString().ToLowerInvariant(),
        ["seed"] = seed,
    };

    public override TrainingLog Train(Problem problem, ulong seed, Terminal terminal, RunCheckpoints checkpoints, CancellationToken cancellation)
    {
        var measure = problem.Preparation.Measure;
        var progress = new TrainingProgress(terminal, measure, _defaults.StepsPerRound is null ? "epoch" : "round", cancellation);
        var trainer = CreateTrainer(problem, seed, [progress, Doctor, .. History?.Callbacks ?? [], .. checkpoints.Callbacks]);
        History? history = null;
        progress.Run(() => history = trainer.Fit(_train, problem.Validation, _epochs, BatchSize, checkpoints.From, cancellation));
        terminal.Line(WhyItEnded(history!));
        return new NetworkLog(history!, Doctor.Record!);
    }

    /// <summary>Searches <see cref="LearningRate"/> for training as <see cref="Train"/> does it, from its value on; the network stays as it is.</summary>
    public LearningRateTuning Tune(Problem problem, ulong seed, Action<LearningRateTrial>? onTrial, CancellationToken cancellation)
    {
        var tuner = new LearningRateTuner(Network, problem.Preparation.Loss, CreateOptimizer()) { Seed = seed, ClipNorm = _clipNorm, Largest = LargestRate, OnTrial = onTrial };
        var tuning = tuner.Run(_train, problem.Validation, BatchSize, cancellation);
        (Tuning, LearningRate) = (RateReport.ToJson(tuning), tuning.Rate);
        return tuning;
    }

    /// <summary>The loss while the rate grows from step to step; the network stays as it is.</summary>
    public LearningRateRange TestRange(Problem problem, ulong seed, CancellationToken cancellation) =>
        new LearningRateRangeTest(Network, problem.Preparation.Loss, CreateOptimizer()) { Seed = seed, ClipNorm = _clipNorm }.Run(_train, BatchSize, cancellation);

    /// <summary>The same training as one of a search's trials.</summary>
    public Candidate ToCandidate(Problem problem) => new(CreateTrainer(problem, _seed), BatchSize)
    {
        Epochs = _epochs,
        Prepare = train => train == problem.Train ? _train : Augmented(train),
    };

    private Trainer CreateTrainer(Problem problem, ulong seed, params Callback[] more)
    {
        var measure = problem.Preparation.Measure;
        var callbacks = new List<Callback> { new EarlyStopping(_patience) };
        if (_steps is { } steps)
            callbacks.Add(new StepLimit(steps));
        if (_schedule != ScheduleKind.Constant)
            callbacks.Add(new LearningRateScheduler(CreateSchedule()));
        return new Trainer(Network, problem.Preparation.Loss, CreateOptimizer())
        {
            Seed = seed,
            Metrics = measure.Create is null ? [] : [measure.Create()],
            ClipNorm = _clipNorm,
            Callbacks = [.. callbacks, .. more],
        };
    }

    private Schedule CreateSchedule()
    {
        var steps = Math.Min(_steps ?? long.MaxValue, (long)_epochs * ((_train.Count + BatchSize - 1) / BatchSize));
        return _schedule == ScheduleKind.Cosine ? new CosineSchedule(LearningRate, steps) : new OneCycleSchedule(LearningRate, steps);
    }

    private Dataset Augmented(Dataset train) => _augmentation is null ? train : train.Augment(_augmentation, _seed);

    /// <summary>The answers of a batch are one array.</summary>
    private void RequireFits(Problem problem)
    {
        if (problem.IsPerStep && (double)BatchSize * problem.Preparation.ResultShape.Count > Array.MaxLength / 4)
            throw new UserException($"A batch of {BatchSize} samples of {problem.Train.InputShape[0]} steps is too large. Use a smaller --batch-size{(problem.Kind == ProblemKind.Text ? " or --window" : "")}.");
    }

    /// <summary>A text in rounds, each of so many steps, and how many of them.</summary>
    private (Dataset Train, int Rounds) Rounds(Dataset windows, int perRound, TrainOptions options)
    {
        perRound = Math.Min(perRound, options.Steps ?? perRound);
        var size = (int)Math.Min(windows.Count, (long)perRound * BatchSize);
        var rounds = options.Epochs is { } passes ? Math.Ceiling((double)passes * windows.Count / size)
            : options.Steps is { } steps ? Math.Ceiling((double)steps * BatchSize / size)
            : _defaults.Epochs;
        return (size < windows.Count ? new RoundDataset(windows, size, options.Seed) : windows, (int)Math.Min(rounds, int.MaxValue));
    }

    private string WhyItEnded(History history)
    {
        var epochs = history.Epochs.Count;
        var (one, many) = _defaults.StepsPerRound is null ? ("epoch", "epochs") : ("round", "rounds");
        var reason = history.StopReason switch
        {
            StopReason.EarlyStopping => $"stopped after {one} {epochs}: the validation loss no longer improved",
            StopReason.Cancelled => $"stopped as asked in {one} {epochs}",
            StopReason.Callback => $"all {_steps} steps done",
            _ => $"all {epochs} {many} done",
        };
        var kept = history.RestoredEpoch is { } best ? $"; weights of the best {one}, {best}, kept" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{reason}{kept} ({history.TrainingSeconds:F1} s of training)");
    }

    private Optimizer CreateOptimizer() => _optimizer switch
    {
        OptimizerKind.Sgd => new Sgd(LearningRate, _momentum ?? DefaultMomentum, _weightDecay),
        OptimizerKind.AdamW => new AdamW(LearningRate, beta1: _momentum ?? DefaultMomentum, weightDecay: _weightDecay),
        _ => new Adam(LearningRate, beta1: _momentum ?? DefaultMomentum, weightDecay: _weightDecay),
    };
}
