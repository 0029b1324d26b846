using Glia.Layers;
using Glia.Plots;
using Glia.Training.Diagnostics;

namespace Glia.Cli.Pictures;

/// <summary>What the doctor saw inside a model while it learned, and the activations of its layers.</summary>
internal static class InsidePlots
{
    private const int MostLayers = 8;

    public static IReadOnlyList<PlotKind> Kinds { get; } =
    [
        PlotKind.Of("gradients", "how large the gradients of each layer are, step by step", "a training that the doctor watched", Needs.Probes, (run, o) => Sizes(run, o, "gradients", "root mean square of the gradient", p => p.Gradient)),
        PlotKind.Of("updates", "by how much a step changes the weights of each layer", "a training that the doctor watched", Needs.Probes, (run, o) => Sizes(run, o, "updates", "‖Δw‖ / ‖w‖", p => p.UpdateRatio)),
        PlotKind.Of("units", "the share of dead or saturated units of each activation", "a training that the doctor watched", run => Needs.Probes(run) ?? Activations(run), Units),
        PlotKind.Of("weight-histograms", "the weights of each layer over time", "a training that the doctor watched", run => Needs.Probes(run) ?? Histograms(run), (run, o) => OfParameters(run, o, "weights", p => p.Weights)),
        PlotKind.Of("gradient-histograms", "the gradients of each layer over time", "a training that the doctor watched", run => Needs.Probes(run) ?? Histograms(run), (run, o) => OfParameters(run, o, "gradients", p => p.Gradients)),
        PlotKind.Of("activation-histograms", "the outputs of each activation over time", "a training that the doctor watched", run => Needs.Probes(run) ?? Activations(run) ?? Histograms(run), OfActivations),
        PlotKind.Of("activation", "an activation function of the network, and its derivative", "a network with an activation", run => Needs.Model(run) ?? (ActivationsOf(run).Any() ? null : "an activation function"), FunctionOf),
    ];

    private static string? Activations(PlotSource run) => run.Record.Probes[0].Activations.Count > 0 ? null : "activations that are looked into: ReLU, sigmoid, tanh and their like, in layers of their own";

    private static string? Histograms(PlotSource run) => run.Record.Probes[0].Parameters.Any(p => p.Weights is not null) ? null : "histograms, which older versions did not record; train again";

    private static Chart Sizes(PlotSource run, PlotOptions options, string what, string axis, Func<ParameterProbe, double> size)
    {
        var probes = run.Record.Probes;
        var shown = Chosen([.. probes[0].Parameters.Select(p => p.Name)], options);
        double[] steps = [.. probes.Select(p => (double)p.Step)];
        ChartPoints[] curves = [.. shown.Select(i => new ChartPoints(Short(probes[0].Parameters[i].Name), steps, [.. probes.Select(p => i < p.Parameters.Count && size(p.Parameters[i]) is > 0 and var s ? s : double.NaN)]))];
        return Chart.Function($"{run.Name}: {what} by layer", curves, "step", axis, logScale: true, logX: true);
    }

    private static Chart Units(PlotSource run, PlotOptions options)
    {
        var probes = run.Record.Probes;
        var shown = Chosen([.. probes[0].Activations.Select(a => a.Layer)], options);
        double[] steps = [.. probes.Select(p => (double)p.Step)];
        ChartPoints[] curves = [.. shown.Select(i =>
        {
            var isRectifier = probes[0].Activations[i].Role == LayerRole.Rectifier;
            return new ChartPoints(
                $"{probes[0].Activations[i].Layer}, {(isRectifier ? "dead" : "saturated")}", steps,
                [.. probes.Select(p => i < p.Activations.Count ? 100 * (isRectifier ? p.Activations[i].DeadShare : p.Activations[i].SaturatedShare) : double.NaN)]);
        })];
        return Chart.Function($"{run.Name}: units that learn nothing", curves, "step", "share of the units (%)", logX: true);
    }

    private static Chart OfParameters(PlotSource run, PlotOptions options, string what, Func<ParameterProbe, Histogram?> histogram)
    {
        var probes = run.Record.Probes;
        var shown = Chosen([.. probes[0].Parameters.Select(p => p.Name)], options);
        return Draw(run, what, shown.Select(i => (Short(probes[0].Parameters[i].Name), (IEnumerable<(long, Histogram?)>)probes.Select(p => (p.Step, i < p.Parameters.Count ? histogram(p.Parameters[i]) : null)))));
    }

    private static Chart OfActivations(PlotSource run, PlotOptions options)
    {
        var probes = run.Record.Probes;
        var shown = Chosen([.. probes[0].Activations.Select(a => a.Layer)], options);
        return Draw(run, "activations", shown.Select(i => (probes[0].Activations[i].Layer, (IEnumerable<(long, Histogram?)>)probes.Select(p => (p.Step, i < p.Activations.Count ? p.Activations[i].Values : null)))));
    }

    private static Chart Draw(PlotSource run, string what, IEnumerable<(string Name, IEnumerable<(long Step, Histogram? Histogram)> Steps)> layers)
    {
        var panels = new List<ChartHistograms>();
        foreach (var (name, steps) in layers)
        {
            var seen = steps.Where(s => s.Histogram is { Counts.Count: > 0 } h && h.Total > 0).ToList();
            if (seen.Count > 0)
                panels.Add(new(name, [.. seen.Select(s => s.Step)], [.. seen.Select(s => new ChartHistogram(s.Histogram!.Low, s.Histogram.High, s.Histogram.Counts))]));
        }
        return panels.Count > 0 ? Chart.Histograms($"{run.Name}: {what} over time", panels, what.TrimEnd('s')) : throw new UserException($"'{run.Path}' holds no {what} that are finite.");
    }

    private static Chart FunctionOf(PlotSource run, PlotOptions options)
    {
        var layers = ActivationsOf(run).ToList();
        var layer = options.Layer is { } name
            ? layers.FirstOrDefault(l => l.Path == name) ?? throw new UserException($"There is no activation '{name}' to draw. There are: {string.Join(", ", layers.Select(l => l.Path))}.")
            : layers[0];
        return Chart.Activation(layer, title: $"{run.Name}: {layer.Path}, {layer.GetType().Name}");
    }

    private static IEnumerable<Layer> ActivationsOf(PlotSource run) => run.Network.Layers.Where(l => l is Activation or PReLU { Parameters: [{ Count: 1 }] });

    /// <summary>The layer that the user names, or as many as can be told apart, from first to last.</summary>
    private static int[] Chosen(string[] names, PlotOptions options)
    {
        if (options.Layer is { } layer)
        {
            int[] own = [.. Enumerable.Range(0, names.Length).Where(i => names[i] == layer || Short(names[i]) == layer)];
            return own.Length > 0 ? own : throw new UserException($"There is no layer '{layer}' here. There are: {string.Join(", ", names.Select(Short))}.");
        }
        return names.Length <= MostLayers ? [.. Enumerable.Range(0, names.Length)]
            : [.. Enumerable.Range(0, MostLayers).Select(i => (int)Math.Round(i * (names.Length - 1.0) / (MostLayers - 1)))];
    }

    private static string Short(string name) => name.EndsWith(".weight", StringComparison.Ordinal) ? name[..^".weight".Length] : name;
}
