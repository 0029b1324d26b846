using Glia.Kernels;
using Glia.Layers;
using Glia.Ops;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>One direction as one of Glia's operations over whole sequences.</summary>
internal static class FusedRecurrent
{
    /// <summary>What <see cref="Arrange"/> gives for a direction.</summary>
    public static int WeightCount(RecurrentSettings settings) => settings.Kind == RecurrentKind.Gru ? 4 : 3;

    /// <summary>The weights of input and state and the bias, with gates in Glia's order (i, f, g, o; r, z, n), and the bias that a GRU has inside its reset product.</summary>
    public static Tensor[] Arrange(NodeCall c, RecurrentSettings settings, int direction)
    {
        var weights = c.Node.Operator == Recurrent.Arrange ? 0 : 1;
        var (hidden, gates) = (settings.Hidden, settings.Gates);
        int[] order = settings.Kind switch
        {
            RecurrentKind.Rnn => [0],
            RecurrentKind.Gru => [1, 0, 2],
            _ => [0, 2, 3, 1],
        };
        Tensor Matrix(Tensor all) => Ordered(all.Slice(0, direction, 1).Reshape(all.Shape[1], all.Shape[2]), order, hidden);
        var (w, r) = (Matrix(c.In(weights)), Matrix(c.In(weights + 1)));
        if (c.Maybe(weights + 2) is not { } biases)
        {
            var zeros = Generation.Full(gates * hidden, 0, w.DType);
            return settings.Kind == RecurrentKind.Gru ? [w, r, zeros, zeros.Slice(0, 0, hidden)] : [w, r, zeros];
        }
        var both = biases.Slice(0, direction, 1).Reshape(2, gates * hidden);
        var ofInput = Ordered(both.Slice(0, 0, 1).Reshape(gates * hidden), order, hidden);
        var ofState = Ordered(both.Slice(0, 1, 1).Reshape(gates * hidden), order, hidden);
        if (settings.Kind != RecurrentKind.Gru)
            return [w, r, ofInput + ofState];
        var outside = ofInput + ofState.Slice(0, 0, 2 * hidden).Pad(0, 0, hidden);
        return [w, r, outside, ofState.Slice(0, 2 * hidden, hidden)];
    }

    public static (Tensor Sequence, RecurrentState Final) Run(RecurrentSettings settings, Tensor[] weights, Tensor x, RecurrentState state, Tensor? lengths, bool isReverse)
    {
        if (x.Shape[0] == 0 || x.Shape[1] == 0)
            return (Generation.Full((x.Shape[0], x.Shape[1], settings.Hidden), 0, x.DType), state);
        // The operations know no sequences without steps: those take one, which is forgotten.
        if (lengths is not null && lengths.AsSpan<long>().Contains(0))
        {
            var (sequence, final) = Run(settings, weights, x, state, Tensor.From(Array.ConvertAll(lengths.ToArray<long>(), n => Math.Max(n, 1))), isReverse);
            return (SequenceLengths.Mask(sequence, lengths), final);
        }
        var isLstm = settings.Kind == RecurrentKind.Lstm;
        var parts = RecurrentParts.Sequence | RecurrentParts.Hidden | (isLstm ? RecurrentParts.Cell : RecurrentParts.None);
        if (lengths is not null)
            x = SequenceLengths.Mask(x, lengths);
        var run = new RecurrentRun(lengths, isReverse, parts);
        var packed = settings.Kind switch
        {
            RecurrentKind.Lstm => new LstmOperation(run).Apply(x, weights[0], weights[1], state.Hidden, state.Cell!, weights[2]),
            RecurrentKind.Gru => new GruOperation(run).Apply(x, weights[0], weights[1], state.Hidden, weights[2], weights[3]),
            _ => settings.Functions[isReverse && settings.Directions == 2 ? 1 : 0].SimpleRnn(run, x, weights[0], weights[1], state.Hidden, weights[2]),
        };
        var sizes = new RecurrentSizes(x.Shape[0], x.Shape[1], settings.Hidden, isReverse);
        return (run.Part(RecurrentParts.Sequence, packed, sizes)!, new(run.Part(RecurrentParts.Hidden, packed, sizes)!, run.Part(RecurrentParts.Cell, packed, sizes)));
    }

    private static Tensor Ordered(Tensor x, int[] order, int size) =>
        order.Length == 1 ? x : Tensor.Concat(0, Array.ConvertAll(order, gate => x.Slice(0, gate * size, size)));
}
