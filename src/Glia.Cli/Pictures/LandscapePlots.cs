using Glia.Plots;
using Glia.Training.Diagnostics;

namespace Glia.Cli.Pictures;

/// <summary>The loss around the weights of a trained model, over held-out data.</summary>
internal static class LandscapePlots
{
    private const int Samples = 256;
    private const int SurfacePoints = 21;

    public static IReadOnlyList<PlotKind> Kinds { get; } =
    [
        PlotKind.Of("landscape", "the loss along a random direction through the trained weights", "a network trained by its loss", Needs.Loss, Slice),
        PlotKind.Of("surface", "the loss over a plane of two random directions through the trained weights (takes a while)", "a network trained by its loss", Needs.Loss, Surface),
    ];

    private static Chart Slice(PlotSource run, PlotOptions options)
    {
        var slice = LossLandscape.Slice(run.Network, run.Preparation.Loss, run.Samples(options), new() { Samples = Samples });
        return Chart.Function($"{run.Name}: the loss around the trained weights", [new("loss on held-out data", slice.Alphas, slice.Losses)], "α, steps of the size of the weights", "loss", options.LogY, mark: (0, "the trained weights"));
    }

    private static Chart Surface(PlotSource run, PlotOptions options)
    {
        var surface = LossLandscape.Surface(run.Network, run.Preparation.Loss, run.Samples(options), new() { Samples = Samples, SurfacePoints = SurfacePoints });
        return Chart.Surface($"{run.Name}: the loss around the trained weights", new(surface.Alphas, surface.Betas, surface.Losses), logScale: surface.Losses.All(r => r.All(l => l > 0)), mark: (0, 0, "the trained weights"));
    }
}
