using Glia.Kernels;
using Glia.Layers;
using Glia.Ops;

namespace Glia.Tests.Operations;

/// <summary>
/// The rows of <see cref="OperationTable"/> for recurrent cells: with and without biases, in both directions, with lengths, of all the parts that a run
/// can give; hidden sizes that are no multiple of a register, one sequence, one step.
/// </summary>
internal static class RecurrentTable
{
    private const RecurrentParts Everything = RecurrentParts.Sequence | RecurrentParts.Hidden | RecurrentParts.Cell;

    public static IEnumerable<OperationRow> Rows =>
    [
        Row("SimpleRnn", 1, 1, new(2, 3, 2, 3), Rnn(default(TanhFormula), RecurrentParts.Sequence | RecurrentParts.Hidden)),
        Row("SimpleRnnReverse", 1, 0, new(2, 3, 2, 3), Rnn(default(TanhFormula), RecurrentParts.Sequence, isReverse: true)),
        Row("SimpleRnnLengths", 1, 1, new(3, 4, 2, 2), Rnn(default(SigmoidFormula), RecurrentParts.Sequence | RecurrentParts.Hidden, hasLengths: true), hasLengths: true),
        Row("SimpleRnnLengthsReverse", 1, 1, new(3, 4, 2, 2), Rnn(default(TanhFormula), RecurrentParts.Hidden, true, true), hasLengths: true),
        Row("Lstm", 4, 1, new(2, 3, 2, 3), x => new LstmOperation(new(null, false, Everything))),
        Row("LstmReverse", 4, 0, new(2, 3, 2, 3), x => new LstmOperation(new(null, true, RecurrentParts.Sequence))),
        Row("LstmLengths", 4, 1, new(3, 4, 2, 2), x => new LstmOperation(new(Lengths(x), false, Everything)), hasLengths: true),
        Row("LstmLengthsReverse", 4, 1, new(3, 4, 2, 2), x => new LstmOperation(new(Lengths(x), true, RecurrentParts.Hidden)), hasLengths: true),
        Row("LstmOneStep", 4, 1, new(1, 1, 1, 5), x => new LstmOperation(new(null, false, RecurrentParts.Hidden | RecurrentParts.Cell))),
        Row("Gru", 3, 2, new(2, 3, 2, 3), x => new GruOperation(new(null, false, RecurrentParts.Sequence | RecurrentParts.Hidden))),
        Row("GruReverse", 3, 0, new(2, 3, 2, 3), x => new GruOperation(new(null, true, RecurrentParts.Sequence))),
        Row("GruLengths", 3, 2, new(3, 4, 2, 2), x => new GruOperation(new(Lengths(x), false, RecurrentParts.Sequence | RecurrentParts.Hidden)), hasLengths: true),
        Row("GruLengthsReverse", 3, 2, new(3, 4, 2, 2), x => new GruOperation(new(Lengths(x), true, RecurrentParts.Hidden)), hasLengths: true),
    ];

    private static Func<Tensor[], RecurrentOperation> Rnn<TAct>(TAct activation, RecurrentParts parts, bool isReverse = false, bool hasLengths = false)
        where TAct : struct, IUnaryOperation => x => new SimpleRnnOperation<TAct>(
            activation, ActivationFunction.Of(activation), new(hasLengths ? Lengths(x) : null, isReverse, parts));

    private static OperationRow Row(string name, int gates, int biases, Sizes small, Func<Tensor[], RecurrentOperation> create, bool hasLengths = false) =>
        new(name, x => create(x).Apply(x), small.Shapes(gates, biases))
        {
            // Moderate weights: larger ones amplify the rounding of float32 from step to step.
            Domain = (-0.8, 0.8),
            Large = new Sizes(131, 3, 9, 67).Shapes(gates, biases),
            Empty = (small with { Batch = 0 }).Shapes(gates, biases),
            ShowsNaN = !hasLengths,
            Fused = () => create([Tensor.Zeros((small.Batch, small.Steps, small.Features), DType.Float64)]),
        };

    /// <summary>1, 3, 5, … around the number of steps.</summary>
    private static Tensor Lengths(Tensor[] x)
    {
        var steps = x[0].Shape[1];
        return Tensor.From([.. Enumerable.Range(0, x[0].Shape[0]).Select(b => 1L + (b * 2 % steps))], x[0].Shape[0], x[0].Device);
    }

    private sealed record Sizes(int Batch, int Steps, int Features, int Hidden)
    {
        /// <summary>Input, weights of the input and the state, initial hidden state, of an LSTM the cell, and biases.</summary>
        public Shape[] Shapes(int gates, int biases) =>
        [
            (Batch, Steps, Features), (gates * Hidden, Features), (gates * Hidden, Hidden), (Batch, Hidden),
            .. gates == 4 ? new Shape[] { (Batch, Hidden) } : [],
            .. biases > 0 ? new Shape[] { gates * Hidden } : [],
            .. biases > 1 ? new Shape[] { Hidden } : [],
        ];
    }
}
