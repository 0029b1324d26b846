namespace Glia.Kernels;

/// <summary>
/// What a convolution makes of its geometry and of weights that never change: packed weights, and where taps and windows lie. It is made at the first call and kept for those after it,
/// which must be of the same geometry and weights, and one at a time.
/// </summary>
internal sealed unsafe class PreparedConvolution
{
    private readonly byte[]?[] _buffers = new byte[]?[(int)Scratch.Slot.Count];
    private Isa _isa;

    /// <summary>Room for <paramref name="count"/> numbers: of <paramref name="prepared"/>, or of the thread where there is none.</summary>
    /// <param name="prepared">Where it is kept; null for nowhere.</param>
    /// <param name="slot">What it is used for.</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="isReady">Whether an earlier call has filled it.</param>
    public static T* Room<T>(PreparedConvolution? prepared, Scratch.Slot slot, long count, out bool isReady)
        where T : unmanaged
    {
        if (prepared is not null)
            return prepared.Get<T>(slot, count, out isReady);
        isReady = false;
        return Scratch.Get<T>(slot, count);
    }

    private T* Get<T>(Scratch.Slot slot, long count, out bool isReady)
        where T : unmanaged
    {
        // Other vectors pack in another way.
        if (_isa != IsaSupport.Current)
        {
            Array.Clear(_buffers);
            _isa = IsaSupport.Current;
        }
        ref var buffer = ref _buffers[(int)slot];
        isReady = buffer is not null;
        buffer ??= Scratch.NewBuffer<T>(count);
        return Scratch.Aligned<T>(buffer);
    }
}
