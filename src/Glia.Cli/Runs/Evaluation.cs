using Glia.Cli.Problems;
using Glia.Data;
using Glia.Layers;
using Glia.Training;

namespace Glia.Cli.Runs;

/// <summary>What a model does on data whose truth is known, in the user's units.</summary>
internal sealed class Evaluation
{
    public required TaskKind Task { get; init; }

    public required int Samples { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Cross-entropy, or mean squared error; NaN for a perceptron, which has no probabilities.</summary>
    public required double Loss { get; init; }

    /// <summary>For a classifier.</summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>For a regression: true values and predictions.</summary>
    public double[] Actual { get; init; } = [];

    public double[] Predicted { get; init; } = [];

    public double Rmse { get; init; }

    public double Mae { get; init; }

    public double RSquared { get; init; }

    public static Evaluation Of(SequentialNetwork network, Dataset data, Preprocessing preprocessing) => preprocessing.Task == TaskKind.Classification
        ? Classification(network, data, preprocessing.Classes)
        : Regression(network, data, preprocessing.Target!);

    private static Evaluation Classification(SequentialNetwork network, Dataset data, IReadOnlyList<string> classes)
    {
        var confusion = new ConfusionMatrix(classes.Count);
        var isSign = SignDecision.Applies(network, TaskKind.Classification);
        var loss = isSign ? double.NaN : 0.0;
        ForEachBatch(network, data, (prediction, target) =>
        {
            if (isSign)
            {
                confusion.Update(SignDecision.Scores(prediction), target);
                return;
            }
            confusion.Update(prediction, target);
            loss += Glia.Loss.CrossEntropy.Compute(prediction, target).Item() * target.Count;
        });
        return new Evaluation { Task = TaskKind.Classification, Samples = data.Count, Classes = classes, Loss = loss / data.Count, Confusion = confusion };
    }

    private static Evaluation Regression(SequentialNetwork network, Dataset data, TargetEncoder target)
    {
        RegressionMetric[] metrics = [new RootMeanSquaredError(), new MeanAbsoluteError(), new RSquared()];
        var (actual, predicted) = (new List<double>(), new List<double>());
        ForEachBatch(network, data, (prediction, truth) =>
        {
            foreach (var metric in metrics)
                metric.Update(prediction, truth);
            foreach (var value in prediction.AsSpan<float>())
                predicted.Add(target.Decode(value));
            foreach (var value in truth.AsSpan<float>())
                actual.Add(target.Decode(value));
        });
        return new Evaluation
        {
            Task = TaskKind.Regression,
            Samples = data.Count,
            Classes = [],
            Loss = Math.Pow(metrics[0].Value, 2),
            Actual = [.. actual],
            Predicted = [.. predicted],
            Rmse = metrics[0].Value * target.Std,
            Mae = metrics[1].Value * target.Std,
            RSquared = metrics[2].Value,
        };
    }

    private static void ForEachBatch(SequentialNetwork network, Dataset data, Action<Tensor, Tensor> use)
    {
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        foreach (var batch in new DataLoader(data, 256, shuffle: false).Epoch())
        {
            use(network.Forward(batch.Input), batch.Target);
            scope.Reset();
        }
    }
}
