using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training;

/// <summary>
/// The learning-rate range test (L. N. Smith, <i>Cyclical learning rates for training neural networks</i>, 2015, arXiv 1506.01186; with the smoothing and the end of fastai's
/// <c>lr_find</c>): the rate grows geometrically from step to step, and the loss is written down:
/// <code>
/// var result = new LearningRateRangeTest(model, Loss.CrossEntropy, new Adam()).Run(train);
/// Console.WriteLine($"{result.Valley:G2}");
/// </code>
/// Step i of n uses the rate <c>first·(last/first)^(i/(n−1))</c>. The loss of a step is that of its batch before the step changes the weights. It is smoothed by a
/// bias-corrected exponential mean, sᵢ = (Σₖ₌₀ⁱ βⁱ⁻ᵏ ℓₖ) / (Σₖ₌₀ⁱ βⁱ⁻ᵏ). The test ends early when sᵢ exceeds 4 times the least s so far (of a least s that is not positive: exceeds
/// it by 3 times its size), or when a loss is not finite. Afterwards weights, buffers, the states of layers and of the optimiser and its rate are as before, to the bits; there are
/// no hidden random numbers to put back.
/// </summary>
/// <param name="model">The model. Its parameters are attached to the optimiser, unless that has charge of some of them already.</param>
/// <param name="loss">What to make small.</param>
/// <param name="optimizer">How to change the parameters; its own rate plays no part.</param>
/// <exception cref="ArgumentException">
/// The model ends in an activation that the loss applies itself, or has nothing to train, or the loss gives more than one number.
/// </exception>
public sealed class LearningRateRangeTest(Module model, Loss loss, Optimizer optimizer)
{
    private const double EndAt = 4;

    private readonly Module _model = model ?? throw new ArgumentNullException(nameof(model));
    private readonly Loss _loss = loss ?? throw new ArgumentNullException(nameof(loss));
    private readonly Optimizer _optimizer = optimizer ?? throw new ArgumentNullException(nameof(optimizer));

    /// <summary>The first rate; 1e-7 by default.</summary>
    public double First { get; init; } = 1e-7;

    /// <summary>The last rate, above the first; 10 by default.</summary>
    public double Last { get; init; } = 10;

    /// <summary>The number of steps, at least 2; 100 by default. With fewer batches the data are gone round again.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>β of the smoothed loss, from 0 up to but not including 1; 0.98 by default.</summary>
    public double Smoothing { get; init; } = 0.98;

    /// <summary>The seed of batch order and dropout; 0 by default.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each round draws a new order of the samples; true by default. False for stateful layers.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The largest norm of all gradients together, as in training; null (the default) for no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Makes the test.</summary>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="batchSize">Samples per step; 32 by default.</param>
    /// <param name="cancellation">Ends the test by an <see cref="OperationCanceledException"/>; everything is put back.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few steps, or samples per step.</exception>
    /// <exception cref="ArgumentException">Another setting is out of range, or the data set is empty.</exception>
    public LearningRateRange Run(Dataset train, int batchSize = 32, CancellationToken cancellation = default)
    {
        if (!(First > 0 && First < Last && double.IsFinite(Last)))
            throw new ArgumentException(FormattableString.Invariant($"The rates of a range test grow from a positive one to a larger one, but got from {First} to {Last}."));
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 2);
        if (!(Smoothing >= 0 && Smoothing < 1))
            throw new ArgumentException(FormattableString.Invariant($"Smoothing must be in [0, 1) but is {Smoothing}."));
        var training = new ShortTraining(_model, _loss, _optimizer, train, batchSize, Seed, Shuffle) { ClipNorm = ClipNorm };
        var points = new List<LearningRatePoint>(Steps);
        var (smoothed, weight, least) = (0.0, 0.0, double.PositiveInfinity);
        double? divergedAt = null;
        training.Run(Steps, RateOf, Note, cancellation);
        return new LearningRateRange(points, divergedAt);

        bool Note(int step, double value)
        {
            weight = (Smoothing * weight) + 1;
            // In this form the mean of a constant loss is that loss to the bit.
            smoothed += (value - smoothed) / weight;
            points.Add(new(RateOf(step), value, smoothed));
            if (!double.IsFinite(value) || smoothed > EndAt * Math.Max(0, least) + (Math.Min(0, least) * (2 - EndAt)))
                divergedAt = RateOf(step);
            least = Math.Min(least, smoothed);
            return divergedAt is null;
        }
    }

    private double RateOf(int step) => step == Steps - 1 ? Last : First * Math.Pow(Last / First, step / (Steps - 1.0));
}
