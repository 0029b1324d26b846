namespace Glia.Kernels;

/// <summary>How one operand is walked: a start and a step (in elements, 0 when broadcast, negative when flipped) per dimension.</summary>
internal readonly ref struct StridedView(long offset, ReadOnlySpan<int> strides)
{
    public readonly long Offset = offset;
    public readonly ReadOnlySpan<int> Strides = strides;
}
