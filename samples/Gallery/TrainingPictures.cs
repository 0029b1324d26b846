using System.Globalization;
using Glia;
using Glia.Data;
using Glia.Optimizers;
using Glia.Plots;
using Glia.Training;
using Glia.Training.Diagnostics;

/// <summary>Pictures of how models learn.</summary>
internal static class TrainingPictures
{
    private static readonly Lazy<(Chart, Chart)> LazyHistograms = new(DrawHistograms);

    public static (Chart Weights, Chart Gradients) Histograms => LazyHistograms.Value;

    /// <summary>A large network on few samples learns them by heart.</summary>
    public static Chart Overfitting()
    {
        var (data, classes, _) = TablePictures.Load("breast-cancer", "diagnosis");
        var parts = Splits.Random(data.Count, [0.15, 0.85], seed: 3);
        var model = Network.Input(data.InputShape[0]).Dense(128).ReLU().Dense(classes.Count).Build(seed: 1);
        var history = new Trainer(model, Loss.CrossEntropy, new Adam(0.005)) { Seed = 1 }.Fit(data.Subset(parts[0]), data.Subset(parts[1]), epochs: 60, batchSize: 16);
        double[] validation = [.. history.Epochs.Select(e => e.Validation!["loss"])];
        ChartSeries[] series = [new("training", [.. history.Epochs.Select(e => e.Training["loss"])]), new("validation", validation)];
        return Chart.LearningCurves("85 samples and 4,226 weights: learned by heart", "loss", series, Array.IndexOf(validation, validation.Min()) + 1, logScale: true, smoothing: 0.6);
    }

    /// <summary>The same network at a learning rate that is too small, one that is good and one that is too large.</summary>
    public static Chart Regimes()
    {
        var (data, _, _) = TablePictures.Load("iris", "species");
        var panels = new List<ChartPanel>();
        foreach (var (rate, verdict) in new[] { (0.0005, "too small"), (0.05, "good"), (2, "too large") })
        {
            var model = Network.Input(4).Dense(8).Tanh().Dense(3).Build(seed: 1);
            var losses = new LossByStep();
            new Trainer(model, Loss.CrossEntropy, new Sgd(rate, momentum: 0.9)) { Seed = 1, Callbacks = [losses] }.Fit(data, epochs: 30, batchSize: 16);
            double[] steps = [.. Enumerable.Range(1, losses.Values.Count).Select(s => (double)s)];
            panels.Add(new(string.Create(CultureInfo.InvariantCulture, $"{verdict}: {rate}"), [new("loss", steps, losses.Values)]));
        }
        return Chart.Panels("Three regimes of the learning rate (iris, SGD with momentum 0.9)", panels, "step", "training loss", highest: 4);
    }

    /// <summary>What the doctor saw inside a network of digits.</summary>
    private static (Chart, Chart) DrawHistograms()
    {
        var probes = ImagePictures.Digits.Record.Probes;
        ChartHistograms[] Of(Func<ParameterProbe, Histogram?> take) => [.. probes[0].Parameters.Select((p, i) => new ChartHistograms(
            p.Name.Replace(".weight", ""), [.. probes.Select(x => x.Step)], [.. probes.Select(x => take(x.Parameters[i])!).Select(h => new ChartHistogram(h.Low, h.High, h.Counts))]))];
        return (Chart.Histograms("Digits: the weights of each layer", Of(p => p.Weights), "weight"), Chart.Histograms("Digits: the gradients of each layer", Of(p => p.Gradients), "gradient"));
    }

    private sealed class LossByStep : Callback
    {
        public List<double> Values { get; } = [];

        public override void OnStepEnd(TrainingState state) => Values.Add(state.Loss);
    }
}
