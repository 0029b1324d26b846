namespace Glia.Layers;

/// <summary>
/// A residual block (He et al. 2016): y = body(x) + shortcut(x), the shortcut being x itself when none is given, so that gradients reach what comes
/// before it unhindered. Written with <see cref="Glia.Network.Residual"/>.
/// </summary>
public sealed class Residual : BranchingLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="body">The layers whose output is added.</param>
    /// <param name="shortcut">What the input goes through when the body changes its shape, such as a 1×1 convolution; nothing by default.</param>
    public Residual(Layer body, Layer? shortcut = null)
        : base(BranchMerge.Add, ("body", NotNull(body)), ("shortcut", shortcut))
    {
        Body = body;
        Shortcut = shortcut;
    }

    /// <summary>The layers whose output is added.</summary>
    public Layer Body { get; }

    /// <summary>What the input goes through; null when it is added as it is.</summary>
    public Layer? Shortcut { get; }

    private protected override string AddingFix => "Give it a shortcut that changes the input's shape as its body does, such as a 1×1 convolution with the same stride.";

    private static Layer NotNull(Layer body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body;
    }
}
