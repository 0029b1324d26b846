using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training;

/// <summary>
/// Trains for a number of steps and puts everything back: the same batches in the same order each time, round after round of the data. A last batch that is not full is
/// left out, so that losses compare.
/// </summary>
internal sealed class ShortTraining
{
    private readonly Module _model;
    private readonly Optimizer _optimizer;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly TrainingSnapshot _start;
    private readonly TrainingStep _step;
    private readonly DataLoader _loader;
    private readonly Loss _loss;

    public ShortTraining(Module model, Loss loss, Optimizer optimizer, Dataset data, int batchSize, ulong seed, bool shuffle)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (data.Count == 0)
            throw new ArgumentException("A learning rate is tried on samples, but the data set is empty.", nameof(data));
        Trainer.RequireWeighable(data, loss);
        (_model, _optimizer, _loss, _parameters) = (model, optimizer, loss, Trainer.Trainable(model, loss));
        if (!optimizer.Parameters.Any(_parameters.Contains))
            optimizer.Attach(_parameters, decayAll: false);
        _start = new TrainingSnapshot(model, optimizer);
        _step = new TrainingStep(model, loss, optimizer, seed);
        _loader = new DataLoader(data, batchSize, shuffle, seed, dropLast: data.Count >= batchSize);
    }

    /// <summary>The largest norm of all gradients together; null for no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Runs from the starting weights on, and puts them back whatever happens.</summary>
    /// <param name="steps">The most steps.</param>
    /// <param name="rate">The learning rate of each step, counted from 0.</param>
    /// <param name="goesOn">Told the loss of each step, before the weights change; false ends the run, with this step undone as all others.</param>
    /// <param name="cancellation">Ends the run by an exception.</param>
    /// <param name="atEnd">What to do with the trained model before it is put back.</param>
    public void Run(int steps, Func<int, double> rate, Func<int, double, bool> goesOn, CancellationToken cancellation, Action? atEnd = null)
    {
        try
        {
            var done = 0;
            for (var round = 0; done < steps; round++)
            {
                _model.ResetState();
                using var scope = new TensorScope();
                foreach (var batch in _loader.Epoch(round))
                {
                    cancellation.ThrowIfCancellationRequested();
                    _optimizer.LearningRate = rate(done);
                    var loss = _step.ComputeGradients(batch, (ulong)done).Loss;
                    scope.Reset();
                    if (!goesOn(done, loss))
                        return;
                    if (ClipNorm is { } norm)
                        GradientClipping.ByNorm(_parameters, norm, errorIfNonFinite: false);
                    _optimizer.Step();
                    if (++done == steps)
                        break;
                }
            }
            atEnd?.Invoke();
        }
        finally
        {
            _start.Restore();
        }
    }

    /// <summary>
    /// About the least loss that an answer has which does not look at the input: numbers of the shape of one sample's prediction, found by gradient descent on some batches. Null where
    /// samples differ in length.
    /// </summary>
    public double? LossOfConstant(CancellationToken cancellation)
    {
        const int MostBatches = 8;
        const int Rounds = 40;
        using var scope = new TensorScope();
        Shape? shape = null;
        var answers = new List<(Shape Shape, Tensor Target, Tensor? Weights)>();
        foreach (var batch in _loader.Epoch(0).Take(MostBatches))
        {
            if (batch.Lengths is not null)
                return null;
            shape ??= ShapeOfPrediction(batch);
            answers.Add((shape.Value.With(0, batch.Size), batch.Target.Clone(), batch.SampleWeights?.Clone()));
        }
        var constant = new Parameter(shape!.Value.With(0, 1), _parameters[0].DType);
        var optimizer = new Adam(learningRate: 0.05);
        optimizer.Attach([constant], decayAll: false);
        var mean = new WeightedMean();
        for (var round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            mean = new WeightedMean();
            foreach (var (size, target, weights) in answers)
            {
                optimizer.ZeroGrad();
                var (loss, weight) = _loss.ComputeWithWeight(constant + Tensor.Zeros(size, constant.DType), target, weights);
                mean.Add(loss.Item(), weight);
                loss.Backward();
                optimizer.Step();
            }
        }
        return mean.Value;
    }

    private Shape ShapeOfPrediction(Batch batch)
    {
        using var noGrad = Gradients.NoGrad();
        var shape = _model.Forward(batch.Input, ForwardContext.Inference).Shape;
        _start.Restore();
        return shape;
    }

    /// <summary>The loss of the model as it is, over other samples.</summary>
    public double LossOver(Dataset data) => Trainer.LossOver(_model, _loss, data, _loader.BatchSize);
}
