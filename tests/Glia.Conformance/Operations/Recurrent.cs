using Glia.Layers;

namespace Glia.Conformance.Operations;

/// <summary>Recurrent layers as a user takes them, one over the other; the reference's two biases are added into Glia's.</summary>
internal static class Recurrent
{
    public static OperationTable Table { get; } = new()
    {
        { "gru", c => Run(c, Gru) },
        { "gru_cell", c => RunCell(c, Gru) },
        { "lstm", c => Run(c, Lstm) },
        { "lstm_cell", c => RunCell(c, Lstm) },
        { "rnn", c => Run(c, SimpleRnn) },
        { "rnn_cell", c => RunCell(c, SimpleRnn) },
    };

    private static RecurrentLayer SimpleRnn(ConformanceCase c, int inputs, int hidden, bool useBias) => new SimpleRnn(inputs, hidden, new()
    {
        ReturnSequences = true,
        UseBias = useBias,
        Activation = c.Options.Text("nonlinearity", otherwise: "tanh") switch
        {
            "tanh" => new Tanh(),
            "relu" => new ReLU(),
            var name => throw new UnsupportedException($"unsupported: nonlinearity '{name}'"),
        },
    }, c.DType);

    private static RecurrentLayer Lstm(ConformanceCase c, int inputs, int hidden, bool useBias)
    {
        var projection = c.Options.Integer("proj_size", otherwise: 0);
        return new Lstm(inputs, hidden, new() { ReturnSequences = true, UseBias = useBias, Projection = projection > 0 ? projection : null }, c.DType);
    }

    private static RecurrentLayer Gru(ConformanceCase c, int inputs, int hidden, bool useBias) =>
        new Gru(inputs, hidden, new() { ReturnSequences = true, UseBias = useBias }, c.DType);

    private static Results Run(ConformanceCase c, Func<ConformanceCase, int, int, bool, RecurrentLayer> create)
    {
        var (hidden, useBias, isBidirectional) = (c.Options.Integer("hidden_size"), c.Options.Flag("bias", true), c.Options.Flag("bidirectional", false));
        var isBatchFirst = c.Options.Flag("batch_first", false);
        c.Options.FollowFromShapes("input_size");
        var context = c.Options.Flag("variable_length", c.Has("in.lengths")) ? ForwardContext.Inference.WithLengths(c["lengths"]) : ForwardContext.Inference;
        var y = isBatchFirst ? c["x"] : c["x"].Transpose(0, 1);
        var (states, loaded, index) = (new List<RecurrentState>(), new List<(string, RecurrentLayer)>(), 0);
        for (var k = 0; k < c.Options.Integer("num_layers"); k++)
        {
            var layer = create(c, y.Shape[2], hidden, useBias);
            if (isBidirectional)
            {
                var both = new Bidirectional(layer);
                loaded.Add(($"_l{k}", Load(c, both.ForwardLayer, $"_l{k}")));
                loaded.Add(($"_l{k}_reverse", Load(c, both.BackwardLayer, $"_l{k}_reverse")));
                var run = both.Run(y, Initial(c, index++), Initial(c, index++), context);
                states.AddRange(run.ForwardState, run.BackwardState);
                y = run.Sequence;
            }
            else
            {
                loaded.Add(($"_l{k}", Load(c, layer, $"_l{k}")));
                var run = layer.Run(y, Initial(c, index++), context);
                states.Add(run.State);
                y = run.Sequence;
            }
        }
        var outputs = new Outputs { ["y"] = isBatchFirst ? y : y.Transpose(0, 1), ["h_n"] = Tensor.Stack(0, [.. states.Select(s => s.Hidden)]) };
        if (states[0].Cell is not null)
            outputs["c_n"] = Tensor.Stack(0, [.. states.Select(s => s.Cell!)]);
        return WithGradients(c, outputs, loaded);
    }

    /// <summary>A cell is a layer over one time step.</summary>
    private static Results RunCell(ConformanceCase c, Func<ConformanceCase, int, int, bool, RecurrentLayer> create)
    {
        c.Options.FollowFromShapes("input_size");
        var x = c["x"];
        var layer = Load(c, create(c, x.Shape[1], c.Options.Integer("hidden_size"), c.Options.Flag("bias", otherwise: true)), "");
        var initial = c.Has("in.h0") ? new RecurrentState(c["h0"], c.Has("in.c0") ? c["c0"] : null) : null;
        var run = layer.Run(x.Reshape(x.Shape[0], 1, x.Shape[1]), initial);
        var outputs = new Outputs { ["h"] = run.State.Hidden };
        if (run.State.Cell is { } cell)
            outputs["c"] = cell;
        return WithGradients(c, outputs, [("", layer)]);
    }

    private static RecurrentState? Initial(ConformanceCase c, int index)
    {
        Tensor At(string name) => c[name].Slice(0, index, 1).Reshape(c[name].Shape.From(1));
        return c.Has("in.h0") ? new(At("h0"), c.Has("in.c0") ? At("c0") : null) : null;
    }

    private static RecurrentLayer Load(ConformanceCase c, RecurrentLayer layer, string suffix)
    {
        layer.WeightIh.CopyFrom(c.Given("param.weight_ih" + suffix));
        layer.WeightHh.CopyFrom(c.Given("param.weight_hh" + suffix));
        (layer as Lstm)?.WeightHr?.CopyFrom(c.Given("param.weight_hr" + suffix));
        if (layer.Bias is null)
            return layer;
        var (ih, hh) = (c.Given("param.bias_ih" + suffix), c.Given("param.bias_hh" + suffix));
        if (layer is Gru gru)
        {
            var gates = 2 * gru.HiddenSize;
            gru.BiasHhN!.CopyFrom(hh.Slice(0, gates, gru.HiddenSize));
            hh = Tensor.Concat(0, hh.Slice(0, 0, gates), Tensor.Zeros(gru.HiddenSize, c.DType));
        }
        layer.Bias.CopyFrom(ih + hh);
        return layer;
    }

    /// <summary>The gradient of a sum is that of both of its terms.</summary>
    private static Results WithGradients(ConformanceCase c, Outputs outputs, List<(string Suffix, RecurrentLayer Layer)> loaded)
    {
        var results = Differentiation.Of(c, outputs);
        foreach (var (suffix, layer) in loaded)
        {
            results["grad.weight_ih" + suffix] = layer.WeightIh.Grad!;
            results["grad.weight_hh" + suffix] = layer.WeightHh.Grad!;
            if (layer is Lstm { WeightHr: { } projection })
                results["grad.weight_hr" + suffix] = projection.Grad!;
            if (layer.Bias?.Grad is not { } bias)
                continue;
            results["grad.bias_ih" + suffix] = bias;
            results["grad.bias_hh" + suffix] = layer is Gru gru ? Tensor.Concat(0, bias.Slice(0, 0, 2 * gru.HiddenSize), gru.BiasHhN!.Grad!) : bias;
        }
        return results;
    }
}
