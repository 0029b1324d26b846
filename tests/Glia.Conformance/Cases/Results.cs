namespace Glia.Conformance;

/// <summary>Everything an adapter computed, under the names that the case uses (<c>out.y</c>, <c>grad.x</c>, <c>traj.loss</c>, …).</summary>
internal sealed class Results : Dictionary<string, Tensor>
{
    public Results()
        : base(StringComparer.Ordinal)
    {
    }
}

/// <summary>The outputs of an operation under their short names; their gradients follow by <see cref="Differentiation"/>.</summary>
internal sealed class Outputs : Dictionary<string, Tensor>
{
    public Outputs()
        : base(StringComparer.Ordinal)
    {
    }
}
