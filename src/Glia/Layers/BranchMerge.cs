namespace Glia.Layers;

/// <summary>How the outputs of branches become one.</summary>
public enum BranchMerge
{
    /// <summary>Joined along the first axis of a sample: channels, or features.</summary>
    Concat,

    /// <summary>Added; all have one shape.</summary>
    Add,
}
