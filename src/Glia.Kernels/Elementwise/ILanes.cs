namespace Glia.Kernels;

/// <summary>A SIMD register of <typeparamref name="T"/> (or a single number) with the arithmetic of <see cref="IReal{TSelf}"/>.</summary>
internal interface ILanes<TSelf, T> : IReal<TSelf>
    where TSelf : struct, ILanes<TSelf, T>
    where T : unmanaged
{
    /// <summary>How many numbers one register holds.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(ref readonly T source, nuint offset);

    static abstract void Store(TSelf value, ref T destination, nuint offset);
}
