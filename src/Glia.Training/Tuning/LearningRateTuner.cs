using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training;

/// <summary>
/// Finds a learning rate as a first course teaches it, and says why: a rate at which the loss diverges is divided by 10, one at which it falls too slowly is multiplied by 2 to 5,
/// and a good one is kept:
/// <code>
/// var tuning = new LearningRateTuner(model, Loss.CrossEntropy, optimizer) { Seed = 1 }.Run(train, validation);
/// foreach (var sentence in tuning.Sentences)
///     Console.WriteLine(sentence);
/// optimizer.LearningRate = tuning.Rate;
/// </code>
/// Each rate is tried for some steps from the same weights on the same batches, and everything is put back after each: weights, buffers, the states of layers and of the optimiser,
/// its rate too, to the bits. What the losses are compared with are those of the same batches at rate 0.
/// <list type="bullet">
/// <item>A rate diverges when a loss is not finite, when the smoothed loss rises to four times that at rate 0, when the last quarter of the trial ends above rate 0, or when
/// an eighth of it lies above an earlier one by more than half of what the loss had fallen, and by more than noise.</item>
/// <item>It is too slow when the last quarter lies less than a tenth below rate 0, or no lower than that of a larger rate. The next rate is 5 times as large after a fall of less than a
/// tenth, 3 times after one of less than a half, else twice.</item>
/// <item>It is good when no other that was tried ends further below, and no larger one, up to four times as large, as far. Ends differ when the mean difference of the losses of the same batches exceeds
/// twice its standard error, and a fiftieth of the fall. Where no larger rate does as well, one a third as large is tried too.</item>
/// </list>
/// Where no trial ends more than a twentieth below the loss of the best answer that does not look at the input, trials are too short to tell which rate learns: the search goes on from its
/// rate with trials four times as long, at the end also half-way to the rate that was too large.
/// The same seed gives the same rate and sentences for any number of threads. Whatever happens, there are at most <see cref="MaxTrials"/> trials, and one at rate 0 of each length.
/// </summary>
/// <param name="model">The model. Its parameters are attached to the optimiser, unless that has charge of some of them already.</param>
/// <param name="loss">What to make small.</param>
/// <param name="optimizer">How to change the parameters; the search starts from its rate unless <see cref="Start"/> says otherwise.</param>
public sealed class LearningRateTuner(Module model, Loss loss, Optimizer optimizer)
{
    private const int FewestSteps = 16;
    private const int Lengthening = 4;
    private const double PlateauShare = 0.05;

    private readonly Module _model = model ?? throw new ArgumentNullException(nameof(model));
    private readonly Loss _loss = loss ?? throw new ArgumentNullException(nameof(loss));
    private readonly Optimizer _optimizer = optimizer ?? throw new ArgumentNullException(nameof(optimizer));

    /// <summary>The rate to try first; null (the default) for the optimiser's.</summary>
    public double? Start { get; init; }

    /// <summary>No rate below this is tried; 1e-8 by default.</summary>
    public double Smallest { get; init; } = 1e-8;

    /// <summary>No rate above this is tried; 10 by default.</summary>
    public double Largest { get; init; } = 10;

    /// <summary>The steps of a trial, at least 16; 200 by default. Four times as many where those end on a plateau.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>The most trials, at least 1; 20 by default.</summary>
    public int MaxTrials { get; init; } = 20;

    /// <summary>The seed of batch order and dropout; 0 by default.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each round of the data draws a new order of the samples; true by default. False for stateful layers.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The largest norm of all gradients together, as in training; null (the default) for no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Told each trial when it is judged, to follow the search; null by default.</summary>
    public Action<LearningRateTrial>? OnTrial { get; init; }

    /// <summary>Makes the search.</summary>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="validation">Samples whose loss is told with each trial, for the reader; none by default.</param>
    /// <param name="batchSize">Samples per step; 32 by default.</param>
    /// <param name="cancellation">Ends the search by an <see cref="OperationCanceledException"/>; everything is put back.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few steps, trials or samples per step.</exception>
    /// <exception cref="ArgumentException">
    /// A rate is out of range; or the data set is empty; or the model ends in an activation that the loss applies itself, or has nothing to train; or the loss gives more than one number.
    /// </exception>
    /// <exception cref="TrainingDivergedException">The loss is not finite before the first step, or it diverges at every rate.</exception>
    public LearningRateTuning Run(Dataset train, Dataset? validation = null, int batchSize = 32, CancellationToken cancellation = default)
    {
        if (!(Smallest > 0 && Smallest <= Largest && double.IsFinite(Largest)))
            throw new ArgumentException(FormattableString.Invariant($"Rates are searched between a positive one and one that is no smaller, but got {Smallest} and {Largest}."));
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, FewestSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTrials, 1);
        var start = Start ?? _optimizer.LearningRate;
        if (!(start >= Smallest && start <= Largest))
            throw new ArgumentException(FormattableString.Invariant($"The search starts between the smallest and the largest rate, {Smallest} and {Largest}, but got {start}."));
        if (validation is { Count: 0 })
            validation = null;
        Trainer.RequireWeighable(validation, _loss);
        var training = new ShortTraining(_model, _loss, _optimizer, train, batchSize, Seed, Shuffle) { ClipNorm = ClipNorm };
        var trials = new RateTrials(training, Steps, validation, cancellation);
        var tuning = new RateDecisions(trials, (Smallest, start, Largest), MaxTrials, OnTrial).Decide();
        return IsOnPlateau(tuning, training, cancellation) ? Lengthen(tuning, training, validation, cancellation) : tuning;
    }

    /// <summary>Whether no trial has got further than an answer that does not look at the input, so that they cannot tell which rate learns.</summary>
    private bool IsOnPlateau(LearningRateTuning tuning, ShortTraining training, CancellationToken cancellation) =>
        tuning.IsConclusive && tuning.Trials.Count < MaxTrials && training.LossOfConstant(cancellation) is { } constant
        && tuning.Trials.Where(t => double.IsFinite(t.EndLoss)).Min(t => t.EndLoss) >= constant - (PlateauShare * Math.Abs(constant));

    private LearningRateTuning Lengthen(LearningRateTuning tuning, ShortTraining training, Dataset? validation, CancellationToken cancellation)
    {
        var trials = new RateTrials(training, Lengthening * Steps, validation, cancellation);
        var preface = $" in longer trials, since those of {Steps} steps end where an answer that ignores the input does";
        var longer = new RateDecisions(trials, (Smallest, tuning.Rate, Largest), MaxTrials - tuning.Trials.Count, OnTrial, preface, refines: true).Decide();
        return new(longer.Rate, longer.IsConclusive, longer.InitialLoss, [.. tuning.Trials, .. longer.Trials], longer.Conclusion);
    }
}
