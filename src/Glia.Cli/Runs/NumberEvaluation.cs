using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Layers;
using Glia.Plots;
using Glia.Training;

namespace Glia.Cli.Runs;

/// <summary>How far predicted numbers are from the true ones, in the user's units.</summary>
internal sealed class NumberEvaluation : Evaluation
{
    /// <summary>The true values, and the prediction of each.</summary>
    public required double[] Actual { get; init; }

    public required double[] Predicted { get; init; }

    public required double Rmse { get; init; }

    public required double Mae { get; init; }

    public required double RSquared { get; init; }

    public override string Short => FormattableString.Invariant($"rmse {Rmse:G6}");

    public static NumberEvaluation Of(SequentialNetwork network, Dataset data, double scale, Func<float, double> decode)
    {
        RegressionMetric[] metrics = [new RootMeanSquaredError(), new MeanAbsoluteError(), new RSquared()];
        var (actual, predicted) = (new List<double>(), new List<double>());
        ForEachBatch(network, data, (prediction, truth) =>
        {
            foreach (var metric in metrics)
                metric.Update(prediction, truth);
            foreach (var value in prediction.AsSpan<float>())
                predicted.Add(decode(value));
            foreach (var value in truth.AsSpan<float>())
                actual.Add(decode(value));
        });
        return new NumberEvaluation
        {
            Samples = data.Count,
            Loss = Math.Pow(metrics[0].Value, 2),
            Actual = [.. actual],
            Predicted = [.. predicted],
            Rmse = metrics[0].Value * scale,
            Mae = metrics[1].Value * scale,
            RSquared = metrics[2].Value,
        };
    }

    public override void Print(Terminal terminal)
    {
        var mean = Actual.Average();
        var spread = Math.Sqrt(Actual.Average(v => (v - mean) * (v - mean)));
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture, $"RMSE {Rmse:G5}   MAE {Mae:G5}   R² {RSquared:F4}   (always predicting the mean: RMSE {spread:G5})"));
    }

    public override IEnumerable<(string File, Chart Chart)> Charts(Problem problem) =>
        [("predictions", Chart.PredictionScatter($"{problem.Name}: test data", problem.Target, Actual, Predicted))];

    protected override void AddTo(JsonObject json)
    {
        json["rmse"] = RunSummary.Finite(Rmse);
        json["mae"] = RunSummary.Finite(Mae);
        json["r2"] = RunSummary.Finite(RSquared);
    }
}
