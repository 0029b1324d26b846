using System.Numerics;

namespace Glia.Kernels;

/// <summary>What the input adds to the gates of every step: share = x·Wᵀ.</summary>
internal unsafe struct RecurrentInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Features;

    /// <summary>(batch, time, features).</summary>
    public T* X;

    /// <summary>(gates·hidden, features).</summary>
    public T* Weight;

    /// <summary>(batch, time, gates·hidden): where the share goes before the cell runs on it.</summary>
    public T* Share;
}
