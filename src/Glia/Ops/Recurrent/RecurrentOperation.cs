using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;
using Glia.Layers;

namespace Glia.Ops;

/// <summary>
/// A recurrent cell over a whole sequence as one operation: the products with the input of all steps at once, then step after step the products with
/// the state. Inputs are x (batch, time, features), the weights of the input and of the state, the initial state, and what the cell has beyond.
/// </summary>
internal abstract class RecurrentOperation(RecurrentRun run) : FusedOperation
{
    private Tensor[]? _gradients;
    private long _gradientsPass;
    private Tensor? _joined;

    protected RecurrentRun Request => run;

    /// <summary>The hidden state of every step, kept for the gradient.</summary>
    protected Tensor Hidden { get; private set; } = null!;

    protected Tensor Weight => Inputs[2];

    protected Tensor Initial => Inputs[3];

    public override Shape OutputShape(Tensor[] x) => run.ShapeOf(SizesOf(x));

    public sealed override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var sizes = SizesOf(x);
        Hidden = run.View(RecurrentParts.Sequence, y, sizes) ?? Tensor.Allocate((sizes.Batch, sizes.Steps, sizes.Hidden), y.DType, y.Device);
        var final = run.View(RecurrentParts.Hidden, y, sizes) ?? Tensor.Allocate((sizes.Batch, sizes.Hidden), y.DType, y.Device);
        final.CopyFrom(x[3]);
        Forward(backend, sizes, x, y, final);
    }

    public sealed override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        if (_gradientsPass != Pass)
        {
            var sizes = SizesOf(Inputs);
            var dfinal = GradientOf(RecurrentParts.Hidden, dy, sizes);
            (_gradients, _gradientsPass) = (Gradients(dy.Device.Backend, sizes, run.View(RecurrentParts.Sequence, dy, sizes), dfinal, dy), Pass);
            _joined = null;
        }
        // Both weights' gradients come from one product, unless the shares' gradients differ; else what only this input needs is computed for it alone.
        if (i is 1 or 2 && Inputs[1].RequiresGrad && Inputs[2].RequiresGrad && ReferenceEquals(_gradients![0], _gradients[1]))
        {
            var (features, hidden) = (Inputs[0].Shape[2], Hidden.Shape[2]);
            _joined ??= Rows(_gradients[0]).MatMul(Rows(Previous(Inputs[0])), transposeA: true);
            return i == 1 ? _joined.Slice(1, 0, features) : _joined.Slice(1, features, hidden);
        }
        return i switch
        {
            0 => Rows(_gradients![0]).MatMul(Inputs[1]).Reshape(Inputs[0].Shape),
            1 => Rows(_gradients![0]).MatMul(Rows(Inputs[0]), transposeA: true),
            2 => Rows(_gradients![1]).MatMul(Rows(Previous(null)), transposeA: true),
            _ => OwnGradient(i, _gradients!),
        };
    }

    public sealed override Tensor Decompose(Tensor[] x) => run.Pack(PlainRecurrence.Run(CellOf(x), x[0], StateOf(x), run.Lengths, run.IsReverse));

    /// <summary>Fills <see cref="Hidden"/> and the final state, which holds the initial one.</summary>
    protected abstract void Forward(Backend backend, in RecurrentSizes sizes, Tensor[] x, Tensor y, Tensor final);

    /// <summary>The gradients of the input's share, of the state's share, of the initial state, and what the cell needs beyond.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="dhidden">∂ℓ/∂h of every step; null for 0.</param>
    /// <param name="dstate">∂ℓ/∂ final state, to become ∂ℓ/∂ initial state.</param>
    /// <param name="dy">∂ℓ/∂ the whole result.</param>
    protected abstract Tensor[] Gradients(Backend backend, in RecurrentSizes sizes, Tensor? dhidden, Tensor dstate, Tensor dy);

    /// <summary>The gradient of an input from the initial state on.</summary>
    protected abstract Tensor OwnGradient(int i, Tensor[] gradients);

    protected abstract PlainCell CellOf(Tensor[] x);

    protected virtual RecurrentState StateOf(Tensor[] x) => new(x[3]);

    protected RecurrentSizes SizesOf(Tensor[] x) => new(x[0].Shape[0], x[0].Shape[1], x[2].Shape[1], run.IsReverse);

    /// <summary>A copy of the gradient of a final state; zeros when it is not part of the result.</summary>
    protected Tensor GradientOf(RecurrentParts part, Tensor dy, in RecurrentSizes sizes)
    {
        if (run.View(part, dy, sizes) is not { } given)
            return Tensor.Zeros((sizes.Batch, sizes.Hidden), dy.DType, dy.Device);
        var copy = Tensor.Allocate(given.Shape, dy.DType, dy.Device);
        copy.CopyFrom(given);
        return copy;
    }

    protected static Tensor Rows(Tensor x) => x.Reshape(x.Shape[0] * x.Shape[1], x.Shape[2]);

    private Tensor Previous(Tensor? x)
    {
        var sizes = SizesOf(Inputs);
        var previous = Tensor.Allocate((sizes.Batch, sizes.Steps, (x?.Shape[2] ?? 0) + sizes.Hidden), Hidden.DType, Hidden.Device);
        Hidden.Device.Backend.PreviousStates(sizes, run.Lengths, x, Hidden, Initial, previous);
        return previous;
    }
}
