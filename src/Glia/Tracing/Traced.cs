using Glia.Layers;

namespace Glia.Tracing;

/// <summary>One tensor of a traced computation: an input, a parameter or buffer, a result, or numbers that are simply there.</summary>
internal sealed class TracedValue(Shape shape, DType dtype)
{
    public Shape Shape { get; } = shape;

    public DType DType { get; } = dtype;

    /// <summary>The name of an input, a parameter or a buffer; null for anything else.</summary>
    public string? Name { get; init; }

    /// <summary>The numbers of a parameter, a buffer or a constant; null for an input and for a result.</summary>
    public Tensor? Constant { get; init; }

    /// <summary>What computed it; null for what was there.</summary>
    public TracedNode? Node { get; init; }

    /// <summary>Its place among the results of <see cref="Node"/>, or among the inputs or constants.</summary>
    public int Index { get; init; }

    /// <summary>Whether it depends on the numbers of an input.</summary>
    public bool FromInput { get; init; }
}

/// <summary>One operation that ran.</summary>
/// <param name="what">The <see cref="Autograd.Operation"/> or <see cref="TracedCall"/>.</param>
/// <param name="inputs">The operands; null for one that was left out.</param>
internal sealed class TracedNode(object what, TracedValue?[] inputs)
{
    public object What { get; } = what;

    /// <summary>What messages call it.</summary>
    public string Name => What is Autograd.Operation operation ? operation.Name : ((TracedCall)What).Name;

    public TracedValue?[] Inputs { get; } = inputs;

    public TracedValue[] Outputs { get; set; } = [];

    /// <summary>The path of the module that it belongs to; empty for the outermost one, null while it is not known.</summary>
    public string? Path { get; set; }

    /// <summary>What is done at each step, for <see cref="ScanCall"/>.</summary>
    public Trace? Body { get; init; }
}

/// <summary>A computation as it ran.</summary>
/// <param name="Inputs">What was given.</param>
/// <param name="Nodes">What was done, in order.</param>
/// <param name="Outputs">What came out.</param>
/// <param name="Constants">Numbers that were there, in the order of their first use.</param>
/// <param name="Problems">Why the trace does not say all that happened; empty when it does.</param>
internal sealed record Trace(
    IReadOnlyList<TracedValue> Inputs, IReadOnlyList<TracedNode> Nodes, IReadOnlyList<TracedValue> Outputs, IReadOnlyList<TracedValue> Constants, IReadOnlyList<string> Problems)
{
    /// <summary>Runs a module's computation for inference and notes what it does.</summary>
    /// <param name="module">The module whose parameters get their full names.</param>
    /// <param name="inputs">The inputs, by name.</param>
    /// <param name="compute">The computation.</param>
    public static Trace Of(Module module, IReadOnlyList<(string Name, Tensor Tensor)> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> compute) =>
        Tracer.Run(module, inputs, compute);
}
