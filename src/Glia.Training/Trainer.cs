using System.Diagnostics;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training;

/// <summary>
/// Trains a model: <c>new Trainer(model, Loss.CrossEntropy, new Adam(1e-3)).Fit(train, validation, epochs: 5)</c>. Everything beyond the step
/// itself is a <see cref="Callback"/>.
/// </summary>
public sealed class Trainer
{
    private readonly Module _model;
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;

    /// <summary>Creates a trainer.</summary>
    /// <param name="model">The model; its parameters are attached to the optimiser.</param>
    /// <param name="loss">What to make small.</param>
    /// <param name="optimizer">How to change the parameters.</param>
    /// <exception cref="ArgumentException">The model ends in an activation that the loss applies itself, or has nothing to train.</exception>
    public Trainer(Module model, Loss loss, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (model is SequentialNetwork { Layers: [.., var last] })
            loss.CheckOutputLayer(last);
        var parameters = model.Parameters;
        if (!parameters.Any(p => p.IsTrainable))
            throw new ArgumentException("The model has no trainable parameters, so there is nothing to train.");
        optimizer.Attach(parameters, decayAll: false);
        _model = model;
        _loss = loss;
        _optimizer = optimizer;
    }

    /// <summary>What to measure beside the loss, for each epoch and in <see cref="Evaluate"/>.</summary>
    public IList<Metric> Metrics { get; init; } = [];

    /// <summary>What else to do, in order.</summary>
    public IList<Callback> Callbacks { get; init; } = [];

    /// <summary>The seed of batch order and dropout; 0 by default.</summary>
    public ulong Seed { get; init; }

    /// <summary>Trains the model in place.</summary>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="validation">Samples to measure on after every epoch, never learned from.</param>
    /// <param name="epochs">The largest number of passes over the samples; 10 by default.</param>
    /// <param name="batchSize">Samples per step; 32 by default.</param>
    /// <param name="cancellation">Ends training cleanly after the current step.</param>
    /// <returns>What was measured, epoch by epoch, and why training ended.</returns>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite; the parameters are those before that step.</exception>
    public History Fit(Dataset train, Dataset? validation = null, int epochs = 10, int batchSize = 32, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        if (train.Count == 0)
            throw new ArgumentException("Fit expects at least one sample to learn from but the data set is empty.");
        var loader = new DataLoader(train, batchSize, shuffle: true, Seed);
        var state = new TrainingState(_model, _optimizer, epochs, loader.BatchCount);
        var random = new Rng(Seed).Split("training");
        foreach (var callback in Callbacks)
            callback.OnTrainingStart(state);
        try
        {
            while (state.Epoch < epochs && !state.IsStopping)
            {
                RunEpoch(state, loader, validation, random, cancellation);
                if (cancellation.IsCancellationRequested)
                    state.Stop(StopReason.Cancelled);
            }
        }
        finally
        {
            foreach (var callback in Callbacks)
                callback.OnTrainingEnd(state);
        }
        return state.History;
    }

    /// <summary>The loss and the metrics over a data set, without training.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="batchSize">Samples at a time; 256 by default.</param>
    /// <returns>Values by name; the loss is under <c>loss</c>.</returns>
    public IReadOnlyDictionary<string, double> Evaluate(Dataset data, int batchSize = 256)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count == 0)
            throw new ArgumentException("Evaluate expects at least one sample but the data set is empty.");
        foreach (var metric in Metrics)
            metric.Reset();
        var sum = 0.0;
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        foreach (var batch in new DataLoader(data, batchSize, shuffle: false).Epoch())
        {
            var prediction = _model.Forward(batch.Input);
            sum += _loss.Compute(prediction, batch.Target).Item() * batch.Size;
            foreach (var metric in Metrics)
                metric.Update(prediction, batch.Target);
            scope.Reset();
        }
        return Results(sum / data.Count);
    }

    private void RunEpoch(TrainingState state, DataLoader loader, Dataset? validation, Rng random, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        foreach (var metric in Metrics)
            metric.Reset();
        foreach (var callback in Callbacks)
            callback.OnEpochStart(state);

        var (sum, samples) = (0.0, 0);
        using (var scope = new TensorScope())
        {
            foreach (var batch in loader.Epoch(state.Epoch))
            {
                var loss = Step(batch, random.Split((ulong)state.Step), state);
                scope.Reset();
                sum += loss * batch.Size;
                samples += batch.Size;
                state.CompleteStep(loss);
                foreach (var callback in Callbacks)
                    callback.OnStepEnd(state);
                if (cancellation.IsCancellationRequested || state.IsStopping)
                    break;
            }
        }
        var record = new EpochRecord
        {
            Epoch = state.Epoch + 1,
            LearningRate = _optimizer.LearningRate,
            Training = Results(sum / samples),
            TrainingSeconds = clock.Elapsed.TotalSeconds,
            Validation = validation is null || validation.Count == 0 ? null : Evaluate(validation),
        };
        state.CompleteEpoch(record);
        foreach (var callback in Callbacks)
            callback.OnEpochEnd(state);
    }

    /// <summary>Forward, loss, backward, update: the step itself.</summary>
    private double Step(Batch batch, Rng random, TrainingState state)
    {
        _optimizer.ZeroGrad();
        var prediction = _model.Forward(batch.Input, ForwardContext.Training(random));
        var loss = _loss.Compute(prediction, batch.Target);
        var value = loss.Item();
        if (!double.IsFinite(value))
            throw new TrainingDivergedException(value, state.Epoch + 1, state.Step + 1, _optimizer.LearningRate);
        loss.Backward();
        _optimizer.Step();
        using (Gradients.NoGrad())
        {
            foreach (var metric in Metrics)
                metric.Update(prediction, batch.Target);
        }
        return value;
    }

    private Dictionary<string, double> Results(double loss)
    {
        var results = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = loss };
        foreach (var metric in Metrics)
            results[metric.Name] = metric.Value;
        return results;
    }
}
