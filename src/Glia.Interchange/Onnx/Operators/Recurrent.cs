using Glia.Layers;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>
/// Recurrent layers over whole sequences. With ONNX's default functions a direction is one of Glia's fused operations, its weights brought into Glia's order of gates; every other
/// setting goes step by step, as the definition reads.
/// </summary>
internal static class Recurrent
{
    private const string Common = "activation_alpha:F activation_beta:F activations:S clip:f direction:s=forward|reverse|bidirectional hidden_size:i layout:i output_sequence:i";

    public static Operator[] All =>
    [
        new("RNN", 1, "3-6", Common, c => Run(c, RecurrentKind.Rnn)),
        new("GRU", 1, "3-6", Common + " linear_before_reset:i", c => Run(c, RecurrentKind.Gru)),
        new("LSTM", 1, "3-8", Common + " input_forget:i", c => Run(c, RecurrentKind.Lstm)),
    ];

    /// <summary>Weights of each direction in Glia's order of gates, which a pass over a graph can compute beforehand.</summary>
    public static Operator Arrange { get; } = new("ArrangeGates", 1, "3-4", "", c =>
    {
        var settings = c.Attributes.Get<RecurrentSettings>("settings")!;
        return [.. Enumerable.Range(0, settings.Directions).SelectMany(d => FusedRecurrent.Arrange(c, settings, d)).Select(t => new Value(t, c.Type(0)))];
    });

    /// <summary>The layer with weights arranged so: x, then those of each direction, then lengths and initial states.</summary>
    public static Operator Arranged { get; } = new("Recurrent", 1, "1-*", "", c =>
    {
        var settings = c.Attributes.Get<RecurrentSettings>("settings")!;
        var count = FusedRecurrent.WeightCount(settings);
        var weights = Enumerable.Range(0, settings.Directions).Select(d => Enumerable.Range(0, count).Select(i => c.In(1 + (d * count) + i)).ToArray()).ToArray();
        var first = 1 + (count * settings.Directions);
        return Outputs(c, settings, first, d => weights[d]);
    });

    private static Value[] Run(NodeCall c, RecurrentKind kind)
    {
        var settings = RecurrentSettings.Of(c.Node, kind);
        settings.Check(c);
        if (!settings.IsFusable || (c.Has(7) && kind == RecurrentKind.Lstm))
            return Outputs(c, settings, 4, null);
        return Outputs(c, settings, 4, d => FusedRecurrent.Arrange(c, settings, d));
    }

    /// <summary>Runs every direction, and puts the results where the settings want them.</summary>
    /// <param name="c">The node.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="first">The input that the lengths are; initial states follow.</param>
    /// <param name="weights">The arranged weights of a direction; null to go step by step.</param>
    private static Value[] Outputs(NodeCall c, RecurrentSettings settings, int first, Func<int, Tensor[]>? weights)
    {
        var x = settings.IsBatchFirst ? c.X : Swap(c.X);
        var (batch, steps) = (x.Shape[0], x.Shape[1]);
        var lengths = Lengths(c, first, batch, steps);
        var sequences = new Tensor[settings.Directions];
        var hidden = new Tensor[settings.Directions];
        var cells = new Tensor[settings.Directions];
        for (var d = 0; d < settings.Directions; d++)
        {
            var state = new RecurrentState(Initial(c, settings, first + 1, d, batch, x), settings.Kind == RecurrentKind.Lstm ? Initial(c, settings, first + 2, d, batch, x) : null);
            var isReverse = settings.IsReverse(d);
            var run = weights is not null
                ? FusedRecurrent.Run(settings, weights(d), x, state, lengths, isReverse)
                : new StepwiseRecurrent(c, settings, d).Run(x, state, lengths, isReverse);
            (sequences[d], hidden[d], cells[d]) = (run.Sequence, Last(run.Final.Hidden, lengths), Last(run.Final.Cell ?? run.Final.Hidden, lengths));
        }
        var y = settings.IsBatchFirst ? Tensor.Stack(2, sequences) : Stack(1, Array.ConvertAll(sequences, Swap));
        var results = new List<Value> { new(y, c.Type(0)), new(Stack(settings.IsBatchFirst ? 1 : 0, hidden), c.Type(0)) };
        if (settings.Kind == RecurrentKind.Lstm)
            results.Add(new(Stack(settings.IsBatchFirst ? 1 : 0, cells), c.Type(0)));
        return [.. results];
    }

    /// <summary>The state after the last step of each sequence; where there was none it is 0, as ONNX Runtime has it.</summary>
    private static Tensor Last(Tensor state, Tensor? lengths) => lengths is not null && lengths.AsSpan<long>().Contains(0)
        ? Tensor.Where(SequenceLengths.MaskAt(lengths, 0), state, Tensor.Scalar(0, state.DType))
        : state;

    /// <summary>One direction needs no copy.</summary>
    private static Tensor Stack(int axis, Tensor[] parts) => parts is [var only]
        ? only.Reshape(new Shape([.. only.Shape.Sizes[..axis], 1, .. only.Shape.Sizes[axis..]]))
        : Tensor.Stack(axis, parts);

    /// <summary>(time, batch, …) from (batch, time, …) or the other way; where one of them is 1, nothing has to move.</summary>
    private static Tensor Swap(Tensor x) => x.Shape[0] == 1 || x.Shape[1] == 1
        ? x.Reshape(new Shape([x.Shape[1], x.Shape[0], .. x.Shape.Sizes[2..]]))
        : x.Transpose(0, 1);

    /// <summary>The valid steps of each sequence, Int64; null when all are.</summary>
    private static Tensor? Lengths(NodeCall c, int input, int batch, int steps)
    {
        if (!c.Has(input))
            return null;
        var lengths = c.Integers(input);
        if (lengths.Length != batch || lengths.Any(l => l < 0 || l > steps))
            throw new ArgumentException($"sequence_lens of {batch} numbers from 0 to {steps} were expected but got [{string.Join(", ", lengths.Take(20))}].");
        return Array.TrueForAll(lengths, l => l == steps) ? null : c.In(input).To(DType.Int64);
    }

    private static Tensor Initial(NodeCall c, RecurrentSettings settings, int input, int direction, int batch, Tensor x)
    {
        if (!c.Has(input))
            return Generation.Full((batch, settings.Hidden), 0, x.DType);
        var state = c.In(input);
        return (settings.IsBatchFirst ? state.Slice(1, direction, 1) : state.Slice(0, direction, 1)).Reshape(batch, settings.Hidden);
    }
}
