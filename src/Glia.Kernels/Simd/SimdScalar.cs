using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>Vectors of one number.</summary>
internal readonly unsafe struct SimdScalar<T> : ISimd<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(T* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, T value) => *target = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Broadcast(T value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add(T a, T b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Subtract(T a, T b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Multiply(T a, T b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T a, T b, T c) => T.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T GreaterOrNaN(T a, T b) => a > b || T.IsNaN(a) ? T.One : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Equal(T a, T b) => a == b ? T.One : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Select(T mask, T a, T b) => mask == T.One ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Even(T a, T b) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Odd(T a, T b) => b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LowPairs(T a, T b) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T HighPairs(T a, T b) => b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Mask(nint lanes) => lanes > 0 ? T.One : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadMasked(T* source, T mask) => mask == T.One ? *source : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(T* target, T mask, T value)
    {
        if (mask == T.One)
            *target = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadWhole(int* source) => T.CreateTruncating(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhole(int* target, T value) => *target = int.CreateTruncating(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(T value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Max(T a, T b) => a > b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Min(T a, T b) => a < b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp(T a) => T.Exp(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ExpTwo(ref T a, ref T b) => (a, b) = (T.Exp(a), T.Exp(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest(T value) => value;
}
