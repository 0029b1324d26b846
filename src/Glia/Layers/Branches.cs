namespace Glia.Layers;

/// <summary>
/// Branches side by side: each gets the input, and their outputs are joined along the channels (Szegedy et al. 2015) or added. Written with
/// <see cref="Glia.Network.Branches"/>.
/// </summary>
public sealed class Branches : BranchingLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="merge">How the outputs become one.</param>
    /// <param name="branches">The branches, named branch1, branch2, …; a null passes the input on.</param>
    /// <exception cref="ArgumentException">There is no branch.</exception>
    public Branches(BranchMerge merge, params ReadOnlySpan<Layer?> branches)
        : base(merge, Named(branches))
    {
    }

    private static (string Name, Layer? Layer)[] Named(ReadOnlySpan<Layer?> branches) => branches.IsEmpty
        ? throw new ArgumentException("Branches expects at least one branch but got none.", nameof(branches))
        : [.. branches.ToArray().Select((b, i) => ($"branch{i + 1}", b))];
}
