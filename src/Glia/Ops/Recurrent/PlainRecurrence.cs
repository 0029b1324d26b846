using Glia.Kernels;
using Glia.Layers;
using Glia.Tracing;

namespace Glia.Ops;

/// <summary>A recurrent cell in plain tensor operations, which can be differentiated any number of times.</summary>
internal abstract class PlainCell
{
    /// <summary>Multiplies the hidden state before its product, the same at every step (Gal and Ghahramani 2016); none when null.</summary>
    public Tensor? HiddenMask { get; init; }

    /// <summary>What the input contributes at every step: (time, batch, features) to (time, batch, gates·hidden).</summary>
    public abstract Tensor Share(Tensor x);

    /// <summary>The next state, and the values of the gates in the order of the weights.</summary>
    public abstract CellStep Step(Tensor share, RecurrentState state);

    /// <summary>The call that a trace shows for a whole run; null where ONNX has no operator for such a cell.</summary>
    public virtual RecurrentCall? Traced(bool isReverse) => null;

    /// <summary>The operands of that call.</summary>
    public virtual Tensor?[] Operands(Tensor x, RecurrentState state) => [];

    /// <summary>Whether ONNX's recurrent operators have the activation function.</summary>
    protected static bool IsOfOnnx(ActivationFunction function) => function.Name is "Tanh" or "ReLU" or "Sigmoid";

    protected Tensor Product(Tensor hidden, Tensor weight) => (HiddenMask is null ? hidden : hidden * HiddenMask).MatMul(weight, transposeB: true);

    protected static Tensor Add(Tensor x, Tensor? bias) => bias is null ? x : x + bias;
}

/// <summary>One step of a cell.</summary>
internal readonly record struct CellStep(RecurrentState State, Tensor[] Gates);

/// <summary>A cell's run: its hidden states (batch, time, hidden), its final state, and its steps in the order of time.</summary>
internal sealed record PlainResult(Tensor Sequence, RecurrentState Final, CellStep[] Steps);

/// <summary>Runs a plain cell over a batch of sequences, step by step.</summary>
internal static class PlainRecurrence
{
    /// <param name="cell">The cell.</param>
    /// <param name="x">(batch, time, features).</param>
    /// <param name="state">The initial state.</param>
    /// <param name="lengths">The valid steps of each sequence; null when all are.</param>
    /// <param name="isReverse">Whether the last valid step comes first.</param>
    public static PlainResult Run(PlainCell cell, Tensor x, RecurrentState state, Tensor? lengths, bool isReverse)
    {
        if (Tracer.Current is { } tracer)
        {
            if (lengths is not null)
                tracer.Problem("sequences have lengths of their own, which a file cannot be given. Export without lengths");
            else
                return tracer.Recurrence(cell, x, state, isReverse);
        }
        var sizes = new RecurrentSizes(x.Shape[0], x.Shape[1], state.Hidden.Shape[1], isReverse);
        var shares = new Tensor[sizes.Steps];
        Separate(cell.Share(x.Transpose(0, 1)), shares, 0);
        var steps = new CellStep[sizes.Steps];
        for (var step = 0; step < sizes.Steps; step++)
        {
            var time = sizes.TimeOf(step);
            steps[time] = cell.Step(shares[time], state);
            state = lengths is null ? steps[time].State : Chosen(SequenceLengths.MaskAt(lengths, time), steps[time].State, state);
        }
        return new(Stack(steps, s => s.State.Hidden, lengths), state, steps);
    }

    /// <summary>A value of every step as (batch, time, …), 0 beyond the lengths.</summary>
    public static Tensor Stack(CellStep[] steps, Func<CellStep, Tensor> value, Tensor? lengths)
    {
        var stacked = Tensor.Stack(1, Array.ConvertAll(steps, s => value(s)));
        return lengths is null ? stacked : SequenceLengths.Mask(stacked, lengths);
    }

    /// <summary>
    /// The steps of a sequence, which come first. It is halved again and again: the gradient of a slice is as large as what was sliced, so that
    /// single steps would cost the square of their number.
    /// </summary>
    private static void Separate(Tensor x, Tensor[] steps, int first)
    {
        var count = x.Shape[0];
        if (count == 1)
        {
            steps[first] = x.Reshape(x.Shape.From(1));
            return;
        }
        Separate(x.Slice(0, 0, count / 2), steps, first);
        Separate(x.Slice(0, count / 2, count - (count / 2)), steps, first + (count / 2));
    }

    private static RecurrentState Chosen(Tensor mask, RecurrentState next, RecurrentState before) => new(
        Tensor.Where(mask, next.Hidden, before.Hidden), next.Cell is null ? null : Tensor.Where(mask, next.Cell, before.Cell!));
}
