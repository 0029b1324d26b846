using Glia.Autograd;

namespace Glia.Tests.Operations;

/// <summary>A differentiable function of tensors and where to test it. Everything else about it follows from the table's tests.</summary>
/// <param name="Name">The name of the test.</param>
/// <param name="Function">The function; constants that it needs take device and type from its inputs.</param>
/// <param name="Shapes">The shapes of the inputs, small enough for finite differences.</param>
internal sealed record OperationRow(string Name, Func<Tensor[], Tensor> Function, params Shape[] Shapes)
{
    /// <summary>The interval of the inputs, away from kinks and poles.</summary>
    public (double Low, double High) Domain { get; init; } = (-2, 2);

    /// <summary>Shapes large enough that kernels share the work among threads.</summary>
    public Shape[]? Large { get; init; }

    /// <summary>Shapes with a size of 0 that the function must take.</summary>
    public Shape[]? Empty { get; init; }

    /// <summary>Whether a NaN anywhere in the inputs must show in the output; not so for choices and ranges.</summary>
    public bool ShowsNaN { get; init; } = true;

    /// <summary>Which inputs get NaN and infinities, all by default; not a scale that may meet 0 or another infinity.</summary>
    public int[] SpecialInputs { get; init; } = [.. Enumerable.Range(0, Shapes.Length)];

    /// <summary>The step of the finite differences; wider where the function itself rounds.</summary>
    public double Step { get; init; } = GradientCheck.DefaultStep;

    /// <summary>How closely ⟨u, Jv⟩ and ⟨Jᵀu, v⟩ agree.</summary>
    public double AdjointTolerance { get; init; } = 1e-9;

    /// <summary>The fused operation that the function applies, to be held against its decomposition.</summary>
    public Func<Operation>? Fused { get; init; }

    /// <summary>A seed that is the same in every run.</summary>
    public ulong Seed => Name.Aggregate(17UL, (hash, c) => (hash * 31) + c);

    public Tensor[] Inputs(DType dtype = DType.Float64, Device? device = null, Shape[]? shapes = null) =>
        Numbers.Distinct(shapes ?? Shapes, Domain.Low, Domain.High, Seed, dtype, device);
}
