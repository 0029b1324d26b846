using Glia.Cli.Problems;
using Glia.Layers;

namespace Glia.Cli.Pictures;

/// <summary>What kinds of pictures need of a run: the missing part in words, or null.</summary>
internal static class Needs
{
    public static string? Metrics(PlotSource run) => run.HasMetrics ? null : "metrics.csv, which a training writes that was not broken off";

    public static string? Record(PlotSource run) => run.HasRecord ? null : "doctor.json, which the training of a network writes";

    /// <summary>Looks inside the model while it learned.</summary>
    public static string? Probes(PlotSource run) => Record(run) ?? (run.Record.Probes.Count > 0 ? null : "steps at which the doctor looked, and none was");

    public static string? Model(PlotSource run) => run.HasModel ? null : "a model file";

    public static string? Classes(PlotSource run) => Model(run) ?? (run.Preparation.Classes.Count > 0 ? null : "a model that tells classes apart");

    public static string? Probabilities(PlotSource run) => Classes(run) ?? (run.Model.DecidesBySign ? "probabilities, and a perceptron has none" : null);

    public static string? Numbers(PlotSource run) => Model(run) ?? (run.Preparation.Task == "regression" ? null : "a model that predicts a number");

    public static string? Series(PlotSource run) => Model(run) ?? (run.Preparation is SeriesPreparation ? null : "a model that forecasts a time series");

    public static string? Images(PlotSource run) => Model(run) ?? (run.Preparation is ImagePreparation ? null : "a model that classifies images");

    public static string? Convolution(PlotSource run) => Images(run) ?? (run.Network.Layers.Any(l => l is Conv2D or DepthwiseConv2D or Residual or Branches) ? null : "a network with convolutions");

    public static string? Loss(PlotSource run) => Model(run) ?? (run.Model.DecidesBySign ? "a loss, and a perceptron has none" : null);
}
