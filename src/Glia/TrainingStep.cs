using Glia.Autograd;
using Glia.Data;
using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;
using Glia.Replay;

namespace Glia;

/// <summary>
/// One step of training: gradients to zero, forward, loss, backward, optimiser. For a training loop of your own that costs its arithmetic and little else:
/// <code>
/// var step = new TrainingStep(model, Loss.CrossEntropy, new Adam(1e-3));
/// foreach (var batch in loader.Epoch(epoch))
///     loss += step.Run(batch.Input, batch.Target);
/// </code>
/// The first step with a shape of batch is recorded; later ones do the same work on the new numbers in the same memory, to the same bits, without building
/// tensors or a graph and without allocating. What cannot be done again this way (sequences with lengths, weighted samples, layers that keep a state, modules and
/// losses not of Glia's own) runs as ever; <see cref="Obstacle"/> says why.
/// </summary>
public sealed class TrainingStep
{
    // A second shape, such as that of an epoch's last batch, keeps memory of its own; it is recorded where that is little.
    private const long SmallBytes = 64 << 20;
    private const int MaxRecordings = 4;

    private readonly Module _model;
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly List<StepRecording> _recordings = [];
    private readonly Rng _random;
    private readonly Rng _step;
    private readonly ForwardContext _context;
    private Shape? _seen;
    private ulong _count;

    /// <summary>Makes the step.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">What to make small; its reduction must give one number.</param>
    /// <param name="optimizer">How to change the parameters; the model's are attached to it unless it has some already.</param>
    /// <param name="seed">The seed of dropout; 0 by default.</param>
    /// <param name="replayOwnModules">
    /// Whether modules and losses that are not Glia's own may be recorded too: only when their Forward does the same operations each time, counts nothing and draws no random
    /// numbers but the context's. False by default.
    /// </param>
    public TrainingStep(Module model, Loss loss, Optimizer optimizer, ulong seed = 0, bool replayOwnModules = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        (_model, _loss, _optimizer) = (model, loss, optimizer);
        _parameters = model.Parameters;
        if (!optimizer.IsAttached)
            optimizer.Attach(_parameters, decayAll: false);
        _random = new Rng(seed).Split("training");
        _step = _random.Split(0);
        _context = ForwardContext.Training(_step);
        if (!replayOwnModules && !(Purity.IsKnown(model) && loss.IsPure))
            Obstacle = "a module or the loss is not one of Glia's own; say replayOwnModules: true if it does the same operations each time";
        else if (loss.Reduction == LossReduction.None)
            Obstacle = "the loss is no single number";
    }

    /// <summary>Why steps are not done again from a recording; null while they are.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>How many shapes of batches are recorded.</summary>
    public int Recordings => _recordings.Count;

    /// <summary>Makes a step on a batch.</summary>
    /// <param name="input">The samples, (batch, …).</param>
    /// <param name="target">What the model should make of them.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ShapeException">The shapes do not fit the model or the loss.</exception>
    public double Run(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        var batch = new Batch(input, target);
        if (!TryReplay(batch, _count, out var results))
        {
            using var scope = new TensorScope();
            results = RecordOrCompute(batch, _count);
        }
        _count++;
        _optimizer.Step();
        return results.Loss;
    }

    /// <summary>All of a step but the optimiser's part, for a loop that does something with the gradients first. Earlier gradients are forgotten.</summary>
    /// <param name="batch">The samples and their targets.</param>
    /// <param name="step">The number of the step, which decides what dropout drops.</param>
    /// <exception cref="ShapeException">The shapes do not fit the model or the loss.</exception>
    public StepGradients ComputeGradients(Batch batch, ulong step) => TryReplay(batch, step, out var results) ? results : RecordOrCompute(batch, step);

    private bool TryReplay(in Batch batch, ulong step, out StepGradients results)
    {
        results = default;
        if (!CanReplay(batch))
            return false;
        foreach (var recording in _recordings)
        {
            if (!recording.Fits(batch))
                continue;
            _step.BecomeSplit(_random, step);
            return recording.TryReplay(batch, _step, out results);
        }
        return false;
    }

    private StepGradients RecordOrCompute(in Batch batch, ulong step)
    {
        _step.BecomeSplit(_random, step);
        foreach (var parameter in _parameters)
            parameter.ZeroGrad();
        if (!CanReplay(batch) || !IsWorthRecording(batch))
            return Compute(batch);
        var (recording, results) = StepRecording.Record(batch, _parameters, (input, target) => Compute(input, target, null, _context), out var refusal);
        if (recording is not null)
            _recordings.Add(recording);
        Obstacle = refusal;
        return results;
    }

    private bool CanReplay(in Batch batch) => Obstacle is null && batch.Lengths is null && batch.SampleWeights is null && !ForwardMode.IsActive;

    // The first shape at once, another one when it comes a second time.
    private bool IsWorthRecording(in Batch batch)
    {
        foreach (var recording in _recordings)
        {
            // What does not suit this recording, such as labels to be ignored, may come and go.
            if (recording.Fits(batch))
                return false;
        }
        if (_recordings.Count == 0)
            return true;
        var again = _seen == batch.Input.Shape;
        _seen = batch.Input.Shape;
        return again && _recordings.Count < MaxRecordings && _recordings[0].Bytes < SmallBytes;
    }

    private StepGradients Compute(in Batch batch)
    {
        var context = batch.Lengths is null ? _context : _context.WithLengths(batch.Lengths);
        var (prediction, loss, weight) = Compute(batch.Input, batch.Target, batch.SampleWeights, context);
        return new(prediction, loss.Item(), weight);
    }

    private (Tensor Prediction, Tensor Loss, double Weight) Compute(Tensor input, Tensor target, Tensor? sampleWeights, ForwardContext context)
    {
        var prediction = _model.Forward(input, context);
        var (loss, weight) = _loss.ComputeWithWeight(prediction, target, sampleWeights);
        loss.Backward();
        return (prediction, loss, weight);
    }
}
