using System.Globalization;
using Glia;
using Glia.Data;
using Glia.Optimizers;
using Glia.Plots;
using Glia.Training;
using Glia.Training.Diagnostics;

/// <summary>Pictures for which something is trained first.</summary>
internal static class TrainingPictures
{
    /// <summary>The loss of iris against the learning rate, with the rate that the tuner chooses.</summary>
    public static Chart RateRange()
    {
        var train = Samples("iris", "species");
        var model = Network.Input(4).Dense(64).ReLU().Dense(32).ReLU().Dense(3).Build(seed: 1);
        var range = new LearningRateRangeTest(model, Loss.CrossEntropy, new Adam()).Run(train, batchSize: 16);
        var rate = new LearningRateTuner(model, Loss.CrossEntropy, new Adam()).Run(train, batchSize: 16).Rate;
        ChartPoints[] curve = [new("smoothed loss", [.. range.Points.Select(p => p.Rate)], [.. range.Points.Select(p => p.Smoothed)])];
        return Chart.Function("iris: loss against the learning rate", curve, "learning rate", "loss", logX: true, mark: (rate, string.Create(CultureInfo.InvariantCulture, $"learning rate {rate}")));
    }

    /// <summary>The loss of two moons over the plane of two random directions through the trained weights.</summary>
    public static Chart Landscape()
    {
        var train = Samples("two-moons", "class");
        var model = Network.Input(2).Dense(16).Tanh().Dense(16).Tanh().Dense(2).Build(seed: 1);
        new Trainer(model, Loss.CrossEntropy, new Adam(0.01)).Fit(train, epochs: 30);
        var surface = LossLandscape.Surface(model, Loss.CrossEntropy, train);
        return Chart.Surface("Two moons: the loss around the trained weights", new(surface.Alphas, surface.Betas, surface.Losses), logScale: true, mark: (0, 0, "the trained weights"));
    }

    private static TensorDataset Samples(string name, string target)
    {
        var table = BuiltInDatasets.Load(name);
        var features = TableEncoder.Fit(table, target);
        var classes = TargetEncoder.Fit(table, target).EncodeClasses(table);
        return new TensorDataset(Tensor.From(features.Transform(table), (table.RowCount, features.FeatureNames.Count)), Tensor.From(Array.ConvertAll(classes, c => (long)c)));
    }
}
