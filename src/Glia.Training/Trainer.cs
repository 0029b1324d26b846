using Glia.Data;
using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;

namespace Glia.Training;

/// <summary>
/// Trains a model: <c>new Trainer(model, Loss.CrossEntropy, new Adam(1e-3)).Fit(train, validation, epochs: 5)</c>. Everything beyond the step
/// itself is a <see cref="Callback"/>.
/// </summary>
public sealed partial class Trainer
{
    private const int EvaluationBatch = 256;

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly FiniteGuard _guard;
    private readonly double? _clipNorm;
    private readonly double? _clipValue;
    private readonly int _accumulateSteps = 1;

    /// <summary>Creates a trainer.</summary>
    /// <param name="model">The model; its parameters are attached to the optimiser.</param>
    /// <param name="loss">What to make small.</param>
    /// <param name="optimizer">How to change the parameters.</param>
    /// <exception cref="ArgumentException">
    /// The model ends in an activation that the loss applies itself, or has nothing to train, or the loss gives more than one number.
    /// </exception>
    public Trainer(Module model, Loss loss, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        var parameters = Trainable(model, loss);
        optimizer.Attach(parameters, decayAll: false);
        Model = model;
        Loss = loss;
        Optimizer = optimizer;
        _parameters = parameters;
        _guard = new FiniteGuard(model, loss);
    }

    /// <summary>The model.</summary>
    public Module Model { get; }

    /// <summary>What is made small.</summary>
    public Loss Loss { get; }

    /// <summary>How the parameters change.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>What to measure beside the loss, for each epoch and in <see cref="Evaluate"/>.</summary>
    public IList<Metric> Metrics { get; init; } = [];

    /// <summary>What else to do, in order.</summary>
    public IList<Callback> Callbacks { get; init; } = [];

    /// <summary>The seed of batch order and dropout; 0 by default.</summary>
    public ulong Seed { get; init; }

    /// <summary>Penalties on the weights, added to what is made small; the reported loss leaves them out, so that training and validation compare.</summary>
    public IList<Regularizer> Regularizers { get; init; } = [];

    /// <summary>The largest norm of all gradients together; longer ones are scaled down to it. Null (the default) for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public double? ClipNorm
    {
        get => _clipNorm;
        init => _clipNorm = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The largest norm must be a positive number.");
    }

    /// <summary>The largest size of a component of the gradients; larger ones are held there. Null (the default) for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public double? ClipValue
    {
        get => _clipValue;
        init => _clipValue = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The largest component must be a positive number.");
    }

    /// <summary>Whether to leave out the last batch of an epoch when it is not full; false by default. Another batch is left out in the next epoch.</summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// Whether each epoch draws a new order of the samples; true by default. False for stateful layers, whose batches follow each other in time: see
    /// <see cref="Dataset.Lanes"/>.
    /// </summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// How many batches make one step: their gradients are averaged over the samples and their weights, as for one batch of all of them, in the memory of
    /// one. 1 by default; the last step of an epoch takes what is left.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int AccumulateSteps
    {
        get => _accumulateSteps;
        init => _accumulateSteps = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A step must take at least 1 batch.");
    }

    /// <summary>
    /// Trains the model in place. Where the data set has <see cref="Dataset.SampleWeights"/>, the loss is weighted by them; the metrics are not, as is usual.
    /// </summary>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="validation">Samples to measure on after every epoch, never learned from.</param>
    /// <param name="epochs">The largest number of passes over the samples; 10 by default.</param>
    /// <param name="batchSize">Samples per step; 32 by default.</param>
    /// <param name="resume">
    /// Where to go on from, as by <see cref="Checkpoint.Latest"/>: with the same model, optimiser, data and settings, training ends with the same weights and history as if it had not
    /// been interrupted; more epochs may be asked for. Null (the default) to begin anew.
    /// </param>
    /// <param name="cancellation">Ends training cleanly after the current step.</param>
    /// <returns>What was measured, epoch by epoch, and why training ended.</returns>
    /// <exception cref="TrainingDivergedException">The loss or the norm of the gradients became NaN or infinite; the parameters are those before that step.</exception>
    /// <exception cref="NotSupportedException">The samples have weights, but the loss cannot weigh samples.</exception>
    /// <exception cref="CheckpointException">The checkpoint was made by another training; the message names what differs, and the model is as it was.</exception>
    public History Fit(Dataset train, Dataset? validation = null, int epochs = 10, int batchSize = 32, Checkpoint? resume = null, CancellationToken cancellation = default)
    {
        var course = Start(train, validation, epochs, batchSize, resume);
        try
        {
            course.Continue(epochs, cancellation);
        }
        finally
        {
            course.End();
        }
        return course.State.History;
    }

    /// <summary>Training that can be left at the end of an epoch and gone on with, to the same bits.</summary>
    internal TrainingCourse Start(Dataset train, Dataset? validation, int epochs, int batchSize, Checkpoint? resume = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        if (train.Count == 0)
            throw new ArgumentException("Fit expects at least one sample to learn from but the data set is empty.");
        RequireWeighable(train, Loss);
        RequireWeighable(validation, Loss);
        var loader = new DataLoader(train, batchSize, Shuffle, Seed, DropLast);
        var state = new TrainingState(this, train, validation, epochs, (loader.BatchCount + AccumulateSteps - 1) / AccumulateSteps, batchSize);
        var course = new TrainingCourse(
            this,
            state,
            // Made anew each time: its recordings hold memory that a course at rest does not need.
            () => new TrainingStep(Model, Loss, Optimizer, Seed),
            (training, cancellation) => RunEpoch(state, loader, validation, training, cancellation));
        if (resume is not null)
            TrainingImage.Restore(resume, state);
        foreach (var callback in Callbacks)
            callback.OnTrainingStart(state);
        if (resume is not null)
            TrainingImage.RestoreParts(resume, state);
        return course;
    }

    /// <summary>
    /// The loss and the metrics over a data set, without training. Where the samples have weights, the loss is weighted by them; the metrics are not.
    /// Stateful layers begin from zeros and are left so.
    /// </summary>
    /// <param name="data">The samples.</param>
    /// <param name="batchSize">Samples at a time; 256 by default.</param>
    /// <returns>Values by name; the loss is under <c>loss</c>.</returns>
    /// <exception cref="NotSupportedException">The samples have weights, but the loss cannot weigh samples.</exception>
    public IReadOnlyDictionary<string, double> Evaluate(Dataset data, int batchSize = EvaluationBatch)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count == 0)
            throw new ArgumentException("Evaluate expects at least one sample but the data set is empty.");
        RequireWeighable(data, Loss);
        foreach (var metric in Metrics)
            metric.Reset();
        return Results(Over(Model, Loss, data, batchSize, (prediction, target) =>
        {
            foreach (var metric in Metrics)
                metric.Update(prediction, target);
        }));
    }

    /// <summary>The loss over a data set without training; a stateful model reads as many sequences side by side as in training.</summary>
    internal static double LossOver(Module model, Loss loss, Dataset data, int batchSize) =>
        Over(model, loss, data, StatefulLayers.AreIn(model) ? batchSize : EvaluationBatch, (_, _) => { });

    private static double Over(Module model, Loss loss, Dataset data, int batchSize, Action<Tensor, Tensor> measure)
    {
        var mean = new WeightedMean();
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        model.ResetState();
        foreach (var batch in new DataLoader(data, batchSize, shuffle: false).Epoch())
        {
            var prediction = model.Forward(batch.Input, ContextOf(batch, ForwardContext.Inference));
            var (value, weight) = loss.ComputeWithWeight(prediction, batch.Target, batch.SampleWeights);
            mean.Add(value.Item(), weight);
            measure(prediction, batch.Target);
            scope.Reset();
        }
        model.ResetState();
        return mean.Value;
    }

    /// <summary>What the model makes of every sample, in their order, without training. Stateful layers begin from zeros and are left so.</summary>
    /// <param name="data">The samples; their targets are not looked at.</param>
    /// <param name="batchSize">Samples at a time; 256 by default.</param>
    /// <returns>(count, …).</returns>
    /// <exception cref="ArgumentException">The data set is empty.</exception>
    public Tensor Predict(Dataset data, int batchSize = 256)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count == 0)
            throw new ArgumentException("Predict expects at least one sample but the data set is empty.");
        var parts = new List<Tensor>();
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        Model.ResetState();
        foreach (var batch in new DataLoader(data, batchSize, shuffle: false).Epoch())
        {
            parts.Add(Model.Forward(batch.Input, ContextOf(batch, ForwardContext.Inference)).Clone());
            scope.Reset();
        }
        Model.ResetState();
        return Tensor.Concat(0, [.. parts]).Clone();
    }

    /// <summary>The parameters of a model that can be trained by a loss.</summary>
    /// <exception cref="ArgumentException">
    /// The model ends in an activation that the loss applies itself, or has nothing to train, or the loss gives more than one number.
    /// </exception>
    internal static IReadOnlyList<Parameter> Trainable(Module model, Loss loss)
    {
        if (loss.Reduction == LossReduction.None)
            throw new ArgumentException($"The {loss.Name} has reduction None, but training needs a single number. Give it the reduction Mean or Sum.");
        if (model is SequentialNetwork { Layers: [.., var last] })
            loss.CheckOutputLayer(last);
        var parameters = model.Parameters;
        return parameters.Any(p => p.IsTrainable)
            ? parameters
            : throw new ArgumentException("The model has no trainable parameters, so there is nothing to train.");
    }

    private bool IsSum => Loss.Reduction == LossReduction.Sum;

    private static ForwardContext ContextOf(Batch batch, ForwardContext context) => batch.Lengths is null ? context : context.WithLengths(batch.Lengths);

    internal static void RequireWeighable(Dataset? data, Loss loss)
    {
        if (data?.SampleWeights is not null && !loss.SupportsSampleWeights)
            throw new NotSupportedException($"The samples have weights, but the {loss.Name} gives one number for the whole batch, so they cannot be weighted. Use another loss, or override the weighted Compute and SupportsSampleWeights.");
    }

    private Dictionary<string, double> Results(double loss)
    {
        var results = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = loss };
        foreach (var metric in Metrics)
            results[metric.Name] = metric.Value;
        return results;
    }
}
