using Glia.Layers;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>One direction step by step: any activation functions, clipping, peepholes, sequences of no steps.</summary>
internal sealed class StepwiseRecurrent
{
    private readonly RecurrentSettings _settings;
    private readonly Tensor _w, _r;
    private readonly Tensor? _inputBias, _stateBias, _peephole;
    private readonly ActivationFunction[] _functions;

    public StepwiseRecurrent(NodeCall c, RecurrentSettings settings, int direction)
    {
        _settings = settings;
        var rows = settings.Gates * settings.Hidden;
        _w = c.In(1).Slice(0, direction, 1).Reshape(rows, -1);
        _r = c.In(2).Slice(0, direction, 1).Reshape(rows, settings.Hidden);
        if (c.Maybe(3) is { } biases)
        {
            var both = biases.Slice(0, direction, 1).Reshape(2, rows);
            (_inputBias, _stateBias) = (both.Slice(0, 0, 1).Reshape(rows), both.Slice(0, 1, 1).Reshape(rows));
        }
        if (settings.Kind == RecurrentKind.Lstm && c.Maybe(7) is { } peepholes)
            _peephole = peepholes.Slice(0, direction, 1).Reshape(3 * settings.Hidden);
        var count = settings.Functions.Length / settings.Directions;
        _functions = settings.Functions[(direction * count)..((direction + 1) * count)];
    }

    /// <param name="x">(batch, time, features).</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="lengths">The valid steps of each sequence; null when all are.</param>
    /// <param name="isReverse">Whether the last valid step comes first.</param>
    public (Tensor Sequence, RecurrentState Final) Run(Tensor x, RecurrentState state, Tensor? lengths, bool isReverse)
    {
        var (batch, steps) = (x.Shape[0], x.Shape[1]);
        var outputs = new Tensor[steps];
        var nothing = Generation.Full((batch, _settings.Hidden), 0, x.DType);
        for (var step = 0; step < steps; step++)
        {
            var time = isReverse ? steps - 1 - step : step;
            var next = Next(x.Slice(1, time, 1).Reshape(batch, x.Shape[2]), state);
            if (lengths is null)
            {
                (state, outputs[time]) = (next, next.Hidden);
                continue;
            }
            var isValid = SequenceLengths.MaskAt(lengths, time);
            outputs[time] = Tensor.Where(isValid, next.Hidden, nothing);
            state = new(Tensor.Where(isValid, next.Hidden, state.Hidden), next.Cell is null ? null : Tensor.Where(isValid, next.Cell, state.Cell!));
        }
        var sequence = steps == 0 ? Generation.Full((batch, 0, _settings.Hidden), 0, x.DType) : Tensor.Stack(1, outputs);
        return (sequence, state);
    }

    private RecurrentState Next(Tensor x, RecurrentState state) => _settings.Kind switch
    {
        RecurrentKind.Rnn => new(Apply(0, FromInput(x, 0) + FromState(state.Hidden, 0))),
        RecurrentKind.Gru => new(Gru(x, state.Hidden)),
        _ => Lstm(x, state.Hidden, state.Cell!),
    };

    /// <summary>Gates z, r, h.</summary>
    private Tensor Gru(Tensor x, Tensor h)
    {
        var z = Apply(0, FromInput(x, 0) + FromState(h, 0));
        var r = Apply(0, FromInput(x, 1) + FromState(h, 1));
        var proposal = Apply(1, FromInput(x, 2) + (_settings.ResetsProduct ? r * FromState(h, 2) : FromState(r * h, 2)));
        return ((1 - z) * proposal) + (z * h);
    }

    /// <summary>Gates i, o, f, c; peepholes i, o, f.</summary>
    private RecurrentState Lstm(Tensor x, Tensor h, Tensor c)
    {
        var i = Apply(0, Peep(FromInput(x, 0) + FromState(h, 0), 0, c));
        var f = _settings.CouplesForget ? 1 - i : Apply(0, Peep(FromInput(x, 2) + FromState(h, 2), 2, c));
        var proposal = Apply(1, FromInput(x, 3) + FromState(h, 3));
        var cell = (f * c) + (i * proposal);
        var o = Apply(0, Peep(FromInput(x, 1) + FromState(h, 1), 1, cell));
        return new(o * Apply(2, cell), cell);
    }

    private Tensor FromInput(Tensor x, int gate) => Affine(x, _w, _inputBias, gate);

    private Tensor FromState(Tensor h, int gate) => Affine(h, _r, _stateBias, gate);

    private Tensor Affine(Tensor x, Tensor weight, Tensor? bias, int gate)
    {
        var size = _settings.Hidden;
        var product = x.MatMul(weight.Slice(0, gate * size, size), transposeB: true);
        return bias is null ? product : product + bias.Slice(0, gate * size, size);
    }

    private Tensor Peep(Tensor z, int gate, Tensor cell) =>
        _peephole is null ? z : z + (cell * _peephole.Slice(0, gate * _settings.Hidden, _settings.Hidden));

    private Tensor Apply(int function, Tensor z) => _functions[function].Apply(_settings.Clip > 0 ? z.Clamp(-_settings.Clip, _settings.Clip) : z);
}
