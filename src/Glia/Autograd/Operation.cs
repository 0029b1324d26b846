using Glia.Backends;
using Glia.Tracing;

namespace Glia.Autograd;

/// <summary>
/// One application of an operation: the rule for the shape of its result, its forward computation, and its derivatives. Most
/// rules are written with tensor operations, so that they can be differentiated again. The object is also the node of the graph.
/// </summary>
internal abstract class Operation
{
    private static long _sequences;

    public abstract string Name { get; }

    /// <summary>The operands, set when the operation is applied.</summary>
    public Tensor[] Inputs { get; private set; } = [];

    /// <summary>The result, set when the operation was recorded.</summary>
    public Tensor? Output { get; private set; }

    /// <summary>Grows with every recorded operation: an operation comes after those that made its inputs.</summary>
    public long Sequence { get; private set; }

    /// <summary>The gradient gathered so far for <see cref="Output"/>, and the pass it belongs to.</summary>
    internal Tensor? Upstream { get; set; }

    internal long Pass { get; set; }

    /// <summary>The shape of the result; throws <see cref="ShapeException"/> when the inputs do not fit.</summary>
    public abstract Shape OutputShape(Tensor[] x);

    /// <summary>Whether the inputs may hold different types, as when one holds indices or a mask.</summary>
    public virtual bool MixesDTypes => false;

    public virtual DType OutputDType(Tensor[] x) => x[0].DType;

    /// <summary>Computes the result into <paramref name="y"/>, which is uninitialised memory.</summary>
    public abstract void Forward(Backend backend, Tensor[] x, Tensor y);

    /// <summary>The gradient for input <paramref name="i"/>, given the result and its gradient; null when there is none.</summary>
    public abstract Tensor? InputGradient(int i, Tensor y, Tensor dy);

    /// <summary>The tangent of the result, given those of the inputs (null for a constant).</summary>
    public abstract Tensor? Tangent(Tensor y, Tensor?[] tangents);

    /// <summary>
    /// For a fused operation: the same result composed of plain operations, used where the fused rule does not reach (forward
    /// mode, gradients of gradients). Null for a primitive.
    /// </summary>
    public virtual Tensor? Decompose(Tensor[] x) => null;

    /// <summary>Whether it is made of other operations, which a trace shows in its place.</summary>
    internal virtual bool IsComposite => false;

    /// <summary>Runs the operation and records it when an input requires a gradient.</summary>
    public Tensor Apply(params Tensor[] inputs)
    {
        var device = inputs[0].Device;
        var dtype = inputs[0].DType;
        foreach (var input in inputs)
        {
            input.CheckAlive();
            if (input.DType != dtype && !MixesDTypes)
                throw new ArgumentException($"{Name} got {dtype} and {input.DType}. Convert one of them with To(DType).");
            if (input.Device != device)
                throw new ArgumentException($"{Name} got tensors on '{device}' and on '{input.Device}'. Bring them together with To(device).");
        }
        if (Tracer.Current is { } tracer)
            return ApplyTraced(tracer, inputs);
        var shape = OutputShape(inputs);
        Inputs = inputs;
        var y = Run(device, inputs, shape);
        if (GradientMode.IsRecording && AnyRequiresGradient(inputs))
        {
            Sequence = Interlocked.Increment(ref _sequences);
            Output = y;
            y.SetCreator(this);
        }
        if (ForwardMode.IsActive)
            y.Tangent = TangentOf(inputs, y);
        return y;
    }

    /// <summary>Allocates and computes the result; views share their input's memory instead.</summary>
    protected virtual Tensor Run(Device device, Tensor[] x, Shape shape)
    {
        var y = Tensor.Allocate(shape, OutputDType(x), device);
        Forward(device.Backend, x, y);
        return y;
    }

    /// <summary>The same without gradients, noted by a tracer; the parts of a fused operation that the tracer has no call for are noted in its place.</summary>
    private Tensor ApplyTraced(Tracer tracer, Tensor[] inputs)
    {
        var shape = tracer.Aside(() => OutputShape(inputs));
        Inputs = inputs;
        if (this is FusedOperation { IsTracedWhole: false } fused)
            return fused.Decompose(inputs);
        var y = IsComposite ? Run(inputs[0].Device, inputs, shape) : tracer.Aside(() => Run(inputs[0].Device, inputs, shape));
        tracer.Add(this, inputs, [y]);
        return y;
    }

    private static bool AnyRequiresGradient(Tensor[] inputs)
    {
        foreach (var input in inputs)
        {
            if (input.RequiresGrad)
                return true;
        }
        return false;
    }

    private Tensor? TangentOf(Tensor[] inputs, Tensor y)
    {
        if (!Array.Exists(inputs, x => x.Tangent is not null))
            return null;
        if (Decompose(inputs) is { } plain)
            return plain.Tangent;
        // The rule itself computes with numbers that have no tangents.
        using (ForwardMode.Pause())
            return Tangent(y, Array.ConvertAll(inputs, x => x.Tangent));
    }
}
