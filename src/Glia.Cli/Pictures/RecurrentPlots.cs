using Glia.Cli.Problems;
using Glia.Layers;
using Glia.Plots;

namespace Glia.Cli.Pictures;

/// <summary>What happens inside recurrent layers, and how far back they can learn.</summary>
internal static class RecurrentPlots
{
    private const int MostInputs = 16;
    private const int GradientSamples = 32;

    public static IReadOnlyList<PlotKind> Kinds { get; } =
    [
        PlotKind.Of("gates", "gates and states of an LSTM or GRU over one sequence", "a network with an LSTM or GRU", run => Needs.Model(run) ?? (Gated(run).Count > 0 ? null : "an LSTM or GRU layer"), Gates),
        PlotKind.Of("time-gradients", "the norm of the loss's gradient at every time step", "a recurrent network", Recurrent, TimeGradients),
        PlotKind.Of("eigenvalues", "the eigenvalues of the recurrent weights in the complex plane", "a recurrent network", Recurrent, Eigenvalues),
    ];

    private static string? Recurrent(PlotSource run) => Needs.Model(run) ?? (RecurrentAnalysis.LayersOf(run.Network).Count > 0 ? null : "a recurrent layer");

    /// <summary>Layers whose gates can be looked at: those that read their input forwards, not hidden in a layer for each step.</summary>
    private static List<(string Path, RecurrentLayer Layer, int Place)> Gated(PlotSource run)
    {
        var network = run.Network;
        return [.. RecurrentAnalysis.LayersOf(network)
            .Where(l => l.Value is Lstm or Gru)
            .Select(l => (l.Key, l.Value, Place: network.Layers.ToList().FindIndex(o => l.Key == o.Path || l.Key == o.Path + ".forward")))
            .Where(l => l.Place >= 0)];
    }

    private static Chart Gates(PlotSource run, PlotOptions options)
    {
        var layers = Gated(run);
        var (path, layer, place) = options.Layer is { } name
            ? layers.FirstOrDefault(l => l.Path == name) is { Layer: not null } found ? found : throw new UserException($"There is no LSTM or GRU '{name}' to look into. There are: {string.Join(", ", layers.Select(l => l.Path))}.")
            : layers[0];
        var data = run.Samples(options);
        var sample = PlotSource.SampleOf(options, data);
        var batch = PlotSource.Read(data, sample);
        using var noGrad = Gradients.NoGrad();
        var context = batch.Lengths is null ? ForwardContext.Inference : ForwardContext.Inference.WithLengths(batch.Lengths);
        var input = batch.Input;
        for (var i = 0; i < place; i++)
            input = run.Network.Layers[i].Forward(input, context);
        var parts = new List<ChartMatrix>();
        var length = batch.Lengths is { } lengths ? (int)lengths.ToArray<long>()[0] : batch.Input.Shape[1];
        ChartMatrix Gate(string name, Tensor gate) => new(name, Transposed(gate, length), 0, 1);
        ChartMatrix State(string name, Tensor state) => new(name, Transposed(state, length));
        if (batch.Input.Rank == 3 && batch.Input.Shape[2] <= MostInputs)
            parts.Add(new("input", Transposed(batch.Input, length)) { RowLabel = "features" });
        if (layer is Lstm lstm)
        {
            var trace = lstm.Trace(input, context: context);
            parts.AddRange([Gate("input gate i", trace.InputGate), Gate("forget gate f", trace.ForgetGate), Gate("output gate o", trace.OutputGate), State("proposal g", trace.Proposal), State("cell c", trace.Cell), State("output h", trace.Hidden)]);
        }
        else
        {
            var trace = ((Gru)layer).Trace(input, context: context);
            parts.AddRange([Gate("reset gate r", trace.ResetGate), Gate("update gate z", trace.UpdateGate), State("proposal n", trace.Proposal), State("state h", trace.Hidden)]);
        }
        string[]? steps = run.Preparation is TextPreparation text
            ? [.. batch.Input.To(DType.Int64).ToArray<long>().Select(c => Shown(text.Vocabulary.Decode([(ushort)c])))]
            : null;
        return Chart.Matrices($"{run.Name}, {path}: gates and states over sample {sample}", parts, steps is null ? "time step" : "character", "units", steps);
    }

    private static string Shown(string character) => character switch { " " => "␣", "\n" => "⏎", "\t" => "⇥", _ => character };

    /// <summary>(1, time, units) as units × time; beyond the length of the sequence there is nothing.</summary>
    private static double[,] Transposed(Tensor tensor, int length)
    {
        var (time, units) = (tensor.Shape[1], tensor.Shape[2]);
        var values = tensor.To(DType.Float64).AsSpan<double>();
        var matrix = new double[units, time];
        for (var i = 0; i < time * units; i++)
            matrix[i % units, i / units] = i / units < length ? values[i] : double.NaN;
        return matrix;
    }

    private static Chart TimeGradients(PlotSource run, PlotOptions options)
    {
        var data = run.Samples(options);
        var batch = PlotSource.Read(data, [.. options.Sample is null ? Enumerable.Range(0, Math.Min(GradientSamples, data.Count)) : [PlotSource.SampleOf(options, data)]]);
        var context = batch.Lengths is null ? null : ForwardContext.Inference.WithLengths(batch.Lengths);
        var norms = RecurrentAnalysis.GradientNormsByLayer(run.Network, batch.Input, output => run.Preparation.Loss.Compute(output, batch.Target), context);
        ChartPoints[] curves = [.. norms.Where(n => n.Value.Any(v => v > 0)).Take(8).Select(n => new ChartPoints(n.Key, [.. Enumerable.Range(1, n.Value.Count).Select(t => (double)t)], n.Value))];
        return curves.Length > 0 ? Chart.Function($"{run.Name}: gradient of the loss at every time step", curves, "time step", "‖∂ℓ/∂h‖", logScale: true)
            : throw new UserException("The gradient of the loss is 0 at every step, so there is nothing to draw.");
    }

    private static Chart Eigenvalues(PlotSource run, PlotOptions options)
    {
        var layers = RecurrentAnalysis.LayersOf(run.Network);
        var path = options.Layer ?? layers.Keys.First();
        if (!layers.TryGetValue(path, out var layer))
            throw new UserException($"There is no recurrent layer '{path}'. There are: {string.Join(", ", layers.Keys)}.");
        return Chart.Eigenvalues($"{run.Name}, {path}: eigenvalues of the recurrent weights", [.. layer.Gates.Select(g => (
            layer.Gates.Count == 1 ? "W" : g.ToString().ToLowerInvariant() is "proposal" ? "proposal" : $"{g.ToString().ToLowerInvariant()} gate", RecurrentAnalysis.Eigenvalues(layer, g)))]);
    }
}
