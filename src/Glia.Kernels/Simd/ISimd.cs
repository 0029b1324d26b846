namespace Glia.Kernels;

/// <summary>
/// A vector width as a set of operations, so that a kernel is written once and compiled for each. <typeparamref name="V"/> is the
/// vector (the number itself for scalar code) and <typeparamref name="T"/> is float or double.
/// </summary>
internal unsafe interface ISimd<V, T>
    where V : unmanaged
    where T : unmanaged
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    static abstract V Load(T* source);

    static abstract void Store(T* target, V value);

    static abstract V Broadcast(T value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    /// <summary>a·b + c, rounded once where the processor can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>A mask of the lanes where <paramref name="a"/> is above <paramref name="b"/> or not a number.</summary>
    static abstract V GreaterOrNaN(V a, V b);

    /// <summary>A mask of the lanes where both are equal.</summary>
    static abstract V Equal(V a, V b);

    /// <summary><paramref name="a"/> in the lanes of the mask, <paramref name="b"/> elsewhere.</summary>
    static abstract V Select(V mask, V a, V b);

    /// <summary>Elements 0, 2, 4, … of <paramref name="a"/> followed by <paramref name="b"/>.</summary>
    static abstract V Even(V a, V b);

    /// <summary>Elements 1, 3, 5, … of <paramref name="a"/> followed by <paramref name="b"/>.</summary>
    static abstract V Odd(V a, V b);

    /// <summary>The first half of a₀, b₀, a₁, b₁, …</summary>
    static abstract V LowPairs(V a, V b);

    /// <summary>The second half of a₀, b₀, a₁, b₁, …</summary>
    static abstract V HighPairs(V a, V b);

    /// <summary>A mask of the first <paramref name="lanes"/> lanes, from 0 to <see cref="Count"/>.</summary>
    static abstract V Mask(nint lanes);

    /// <summary>Reads only the lanes of the mask; the others are 0.</summary>
    static abstract V LoadMasked(T* source, V mask);

    /// <summary>Writes only the lanes of the mask.</summary>
    static abstract void StoreMasked(T* target, V mask, V value);

    /// <summary>Reads whole numbers.</summary>
    static abstract V LoadWhole(int* source);

    /// <summary>Writes all lanes, which hold whole numbers of an int's range.</summary>
    static abstract void StoreWhole(int* target, V value);

    /// <summary>The sum of all lanes.</summary>
    static abstract T Sum(V value);

    /// <summary>The larger; where one is not a number, <paramref name="b"/> or NaN, as is fastest.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The smaller; where one is not a number, <paramref name="b"/> or NaN, as is fastest.</summary>
    static abstract V Min(V a, V b);

    static abstract V Exp(V a);

    /// <summary>The exponentials of two vectors, put in their place: the same as by <see cref="Exp"/>, in fewer registers.</summary>
    static abstract void ExpTwo(ref V a, ref V b);

    /// <summary>The largest of all lanes that are numbers, or NaN.</summary>
    static abstract T Largest(V value);
}
