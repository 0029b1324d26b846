using Glia.Autograd;
using Glia.Replay;

namespace Glia;

public partial class Tensor
{
    private bool _requiresGrad;
    private Tensor? _gradientBuffer;

    /// <summary>
    /// Whether operations on this tensor are recorded so that gradients with respect to it can be computed. Set it on leaves
    /// (tensors that were not computed); results take it from their operands.
    /// </summary>
    /// <exception cref="InvalidOperationException">Set on a computed tensor, or on one that does not hold floating-point numbers.</exception>
    public bool RequiresGrad
    {
        get => _requiresGrad;
        set
        {
            if (Creator is not null)
                throw new InvalidOperationException($"RequiresGrad can be set on leaves only, but this tensor was computed by {Creator.Name}. Call Detach() first.");
            if (value && !DType.IsFloatingPoint())
                throw new InvalidOperationException($"Only floating-point tensors have gradients, but this one holds {DType}.");
            _requiresGrad = value;
        }
    }

    /// <summary>
    /// The gradient gathered by <see cref="Backward(Tensor?, bool)"/>; it adds up until <see cref="ZeroGrad"/>. Null before. Its memory is used again for
    /// the next gradient after <see cref="ZeroGrad"/>: <see cref="Clone"/> it to keep it.
    /// </summary>
    public Tensor? Grad { get; private set; }

    /// <summary>Whether this computed tensor keeps its gradient too; leaves always do.</summary>
    public bool RetainsGrad { get; private set; }

    /// <summary>Whether the tensor was made by hand rather than by a recorded operation.</summary>
    public bool IsLeaf => Creator is null;

    internal Operation? Creator { get; private set; }

    internal Tensor? Tangent { get; set; }

    /// <summary>Asks for the gradient of a computed tensor to be kept in <see cref="Grad"/>.</summary>
    public void RetainGrad() => RetainsGrad = true;

    /// <summary>Makes what a recorded step computed the gradient.</summary>
    internal void RestoreGrad(Tensor? gradient) => Grad = gradient;

    /// <summary>Forgets the gradient.</summary>
    public void ZeroGrad() => Grad = null;

    /// <summary>
    /// Computes the gradient of this tensor with respect to every leaf that requires one, by reverse-mode automatic
    /// differentiation, and adds it to the leaf's <see cref="Grad"/>.
    /// </summary>
    /// <param name="gradient">The gradient of the final result with respect to this tensor; 1 for a single number.</param>
    /// <param name="createGraph">Records the computation of the gradients, so that they can be differentiated again.</param>
    /// <exception cref="InvalidOperationException">
    /// The tensor depends on nothing that requires a gradient, or it is no single number and no gradient is given.
    /// </exception>
    public void Backward(Tensor? gradient = null, bool createGraph = false)
    {
        if (!RequiresGrad)
            throw new InvalidOperationException("Backward() needs a tensor that depends on one with RequiresGrad = true. Was it computed under NoGrad(), or detached?");
        if (gradient is null && Count != 1)
            throw new InvalidOperationException($"Backward() without a gradient needs a single number but this tensor has shape {Shape}. Reduce it first, for example with Mean(), or pass a gradient.");
        if (gradient is not null && gradient.Shape != Shape)
            throw ShapeException.Of("Backward()", $"a gradient of shape {Shape}", $"{gradient.Shape}");
        if (gradient is not null && gradient.DType != DType)
            throw new ArgumentException($"Backward() expects a gradient of {DType} but got {gradient.DType}. Convert it with To({DType}) first.");
        BackwardPass.Run(this, gradient ?? Ones(Shape, DType, Device), createGraph);
    }

    /// <summary>The same values (and memory) outside the graph: no gradient flows back through it.</summary>
    public Tensor Detach()
    {
        var view = View(0, Shape);
        Tracing.Tracer.Same(this, view);
        return view;
    }

    /// <summary>The same values (and memory) as a node of their own in the graph.</summary>
    internal Tensor Alias() => Reshape(Shape);

    internal void SetCreator(Operation creator)
    {
        _requiresGrad = true;
        Creator = creator;
    }

    /// <summary>Adds to <see cref="Grad"/>, whose memory belongs to this tensor and to no scope.</summary>
    internal void AccumulateGradient(Tensor gradient, bool createGraph)
    {
        if (createGraph || (Grad is not null && Grad != _gradientBuffer))
        {
            Grad = Grad is { } sum ? sum + gradient : gradient;
            return;
        }
        if (Grad is null && Recorder.Current?.MayKeep(gradient) == true)
        {
            Grad = gradient;
        }
        else if (Grad is null)
        {
            if (_gradientBuffer is null || _gradientBuffer.DType != DType)
                _gradientBuffer = AllocatePersistent(Shape, DType, Device);
            _gradientBuffer.CopyFrom(gradient);
            Grad = _gradientBuffer;
        }
        else
        {
            Device.Backend.AddInPlace(Grad, gradient);
        }
    }
}
