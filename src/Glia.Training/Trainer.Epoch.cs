using System.Diagnostics;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training;

public sealed partial class Trainer
{
    private void RunEpoch(TrainingState state, DataLoader loader, Dataset? validation, TrainingStep training, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var (batches, inStep, secondsBefore) = (state.BatchInEpoch, 0, state.EpochSeconds);
        // An epoch that goes on from a checkpoint has begun already.
        if (batches == 0)
            BeginEpoch(state);
        var random = new Rng(Seed).Split("training");
        var (mean, step) = (state.EpochMean, new WeightedMean());
        using (var scope = new TensorScope())
        {
            foreach (var batch in state.IsStopping ? [] : loader.Epoch(state.Epoch, batches))
            {
                if (inStep == 0)
                {
                    foreach (var callback in Callbacks)
                        callback.OnStepStart(state);
                    Optimizer.ZeroGrad();
                }
                var number = (ulong)((state.Epoch * (long)loader.BatchCount) + batches++);
                inStep++;
                _guard.BeforeBatch();
                var isLast = inStep == AccumulateSteps || batches == loader.BatchCount;
                var (loss, weight) = AccumulateSteps == 1 && Regularizers.Count == 0
                    ? Whole(batch, training, number)
                    : Accumulate(batch, ContextOf(batch, ForwardContext.Training(random.Split(number))), step, isLast);
                if (!double.IsFinite(loss) || !FiniteGuard.AreFinite(_parameters))
                    throw _guard.Failure(loss, batch, ContextOf(batch, ForwardContext.Training(random.Split(number))), state);
                scope.Reset();
                mean.Add(loss, weight);
                step.Add(loss, IsSum ? 1 : weight);
                if (!isLast)
                    continue;
                if (inStep > 1 && !IsSum && step.Weight != 0)
                    GradientClipping.Scale(_parameters, 1 / step.Weight);
                foreach (var callback in Callbacks)
                    callback.OnGradients(state);
                Update(state);
                state.CompleteStep(IsSum ? step.Sum : step.Value);
                (inStep, step) = (0, new WeightedMean());
                foreach (var callback in Callbacks)
                    callback.OnStepEnd(state);
                state.Mark(batches, mean, secondsBefore + clock.Elapsed.TotalSeconds);
                SafePoint(state, isLast: cancellation.IsCancellationRequested);
                if (cancellation.IsCancellationRequested || state.IsStopping)
                    break;
            }
        }
        var hasValidation = validation is { Count: > 0 };
        // The time of training alone.
        var seconds = secondsBefore + clock.Elapsed.TotalSeconds;
        var isCut = batches < loader.BatchCount && !state.IsStopping;
        if (hasValidation)
        {
            foreach (var callback in Callbacks)
                callback.OnValidationStart(state);
        }
        var record = new EpochRecord
        {
            Epoch = state.Epoch + 1,
            LearningRate = Optimizer.LearningRate,
            Training = Results(mean.Value),
            TrainingSeconds = seconds,
            Validation = hasValidation ? Validate(validation!, loader.BatchSize) : null,
        };
        state.CompleteEpoch(record);
        foreach (var callback in Callbacks)
            callback.OnEpochEnd(state);
        // What follows an epoch that was cut short is not what would have followed it.
        if (!isCut)
            SafePoint(state, isLast: cancellation.IsCancellationRequested || state.IsStopping || state.Epoch == state.Epochs);
    }

    private void BeginEpoch(TrainingState state)
    {
        foreach (var metric in Metrics)
            metric.Reset();
        foreach (var callback in Callbacks)
            callback.OnEpochStart(state);
    }

    private void SafePoint(TrainingState state, bool isLast)
    {
        foreach (var callback in Callbacks)
            callback.OnSafePoint(state, isLast);
    }

    /// <summary>A stateful model reads as many sequences side by side as in training; for any other the size of the batch makes no difference.</summary>
    private IReadOnlyDictionary<string, double> Validate(Dataset validation, int batchSize) =>
        StatefulLayers.AreIn(Model) ? Evaluate(validation, batchSize) : Evaluate(validation);

    /// <summary>Forward, loss, backward of a step of one batch, from a recording where there is one.</summary>
    private (double Loss, double Weight) Whole(Batch batch, TrainingStep training, ulong number)
    {
        var (prediction, loss, weight) = training.ComputeGradients(batch, number);
        Measure(prediction, batch, loss);
        return (loss, weight);
    }

    private void Measure(Tensor prediction, Batch batch, double loss)
    {
        if (!double.IsFinite(loss))
            return;
        using var noGrad = Gradients.NoGrad();
        foreach (var metric in Metrics)
            metric.Update(prediction, batch.Target);
    }

    /// <summary>
    /// Forward, loss, backward. The gradients of a step of several batches are those of Σ weight·loss, to be divided by Σ weight when the last batch has told
    /// how much that is; the penalties join with the last batch.
    /// </summary>
    private (double Loss, double Weight) Accumulate(Batch batch, ForwardContext context, WeightedMean before, bool isLast)
    {
        var prediction = Model.Forward(batch.Input, context);
        var (loss, weight) = Loss.ComputeWithWeight(prediction, batch.Target, batch.SampleWeights);
        var value = loss.Item();
        Measure(prediction, batch, value);
        var isWhole = IsSum || (isLast && before.Count == 0);
        var total = isWhole ? loss : loss * weight;
        if (isLast && Regularizers.Count > 0)
        {
            var penalty = Regularizers.Aggregate(Tensor.Zeros(Shape.Scalar, loss.DType), (sum, regularizer) => regularizer.AddTo(sum, _parameters));
            var stepWeight = before.Weight + weight;
            total += isWhole || stepWeight == 0 ? penalty : penalty * stepWeight;
        }
        total.Backward();
        return (value, weight);
    }

    /// <summary>Clips the gathered gradients and changes the parameters by them.</summary>
    private void Update(TrainingState state)
    {
        if (ClipValue is { } limit)
            GradientClipping.ByValue(_parameters, limit);
        if (ClipNorm is { } maxNorm)
        {
            state.GradientNorm = GradientClipping.ByNorm(_parameters, maxNorm, errorIfNonFinite: false);
            if (!double.IsFinite(state.GradientNorm))
                throw new TrainingDivergedException("norm of the gradients", state.GradientNorm, state.Epoch + 1, state.Step + 1, Optimizer.LearningRate, null);
        }
        Optimizer.Step();
    }
}
