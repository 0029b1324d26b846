namespace Glia.Autograd;

/// <summary>
/// An operation whose kernel does the work of several: fast, first order only. Everything else comes from its plain
/// decomposition, which tests hold equal to it.
/// </summary>
internal abstract class FusedOperation : Operation
{
    /// <summary>Whether a trace shows it as one operation rather than as its decomposition.</summary>
    internal virtual bool IsTracedWhole => false;

    public abstract override Tensor Decompose(Tensor[] x);

    public sealed override Tensor? Tangent(Tensor y, Tensor?[] tangents) =>
        throw new InvalidOperationException($"{Name} takes its tangent from its decomposition.");
}
