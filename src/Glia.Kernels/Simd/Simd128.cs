using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>128-bit vectors.</summary>
internal readonly unsafe struct Simd128<T> : ISimd<Vector128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(T* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Vector128<T> value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Broadcast(T value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) => typeof(T) == typeof(float)
        ? Vector128.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector128.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> GreaterOrNaN(Vector128<T> a, Vector128<T> b) => Vector128.GreaterThan(a, b) | ~Vector128.Equals(a, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Equal(Vector128<T> a, Vector128<T> b) => Vector128.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Select(Vector128<T> mask, Vector128<T> a, Vector128<T> b) => Vector128.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Even(Vector128<T> a, Vector128<T> b)
    {
        if (typeof(T) == typeof(double))
            return Vector128.Create(a.GetLower(), b.GetLower());
        return Vector128.Create(
            Vector128.Shuffle(a.AsSingle(), Vector128.Create(0, 2, 0, 0)).GetLower(),
            Vector128.Shuffle(b.AsSingle(), Vector128.Create(0, 2, 0, 0)).GetLower()).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Odd(Vector128<T> a, Vector128<T> b)
    {
        if (typeof(T) == typeof(double))
            return Vector128.Create(a.GetUpper(), b.GetUpper());
        return Vector128.Create(
            Vector128.Shuffle(a.AsSingle(), Vector128.Create(1, 3, 0, 0)).GetLower(),
            Vector128.Shuffle(b.AsSingle(), Vector128.Create(1, 3, 0, 0)).GetLower()).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LowPairs(Vector128<T> a, Vector128<T> b)
    {
        if (typeof(T) == typeof(double))
            return Vector128.Create(a.GetLower(), b.GetLower());
        var mask = Vector128.Create(-1, 0, -1, 0).AsSingle();
        return Vector128.ConditionalSelect(
            mask, Vector128.Shuffle(a.AsSingle(), Vector128.Create(0, 0, 1, 1)), Vector128.Shuffle(b.AsSingle(), Vector128.Create(0, 0, 1, 1))).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> HighPairs(Vector128<T> a, Vector128<T> b)
    {
        if (typeof(T) == typeof(double))
            return Vector128.Create(a.GetUpper(), b.GetUpper());
        var mask = Vector128.Create(-1, 0, -1, 0).AsSingle();
        return Vector128.ConditionalSelect(
            mask, Vector128.Shuffle(a.AsSingle(), Vector128.Create(2, 2, 3, 3)), Vector128.Shuffle(b.AsSingle(), Vector128.Create(2, 2, 3, 3))).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Mask(nint lanes) => typeof(T) == typeof(float)
        ? Vector128.LessThan(Vector128<int>.Indices, Vector128.Create((int)lanes)).As<int, T>()
        : Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)lanes)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadMasked(T* source, Vector128<T> mask)
    {
        var value = Vector128<T>.Zero;
        var lanes = BitOperations.PopCount(mask.ExtractMostSignificantBits());
        for (var i = 0; i < lanes; i++)
            value = value.WithElement(i, source[i]);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(T* target, Vector128<T> mask, Vector128<T> value)
    {
        var lanes = BitOperations.PopCount(mask.ExtractMostSignificantBits());
        for (var i = 0; i < lanes; i++)
            target[i] = value[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadWhole(int* source)
    {
        if (typeof(T) == typeof(float))
            return Vector128.ConvertToSingle(Vector128.Load(source)).As<float, T>();
        var values = default(Vector128<T>);
        for (var i = 0; i < Count; i++)
            values = values.WithElement(i, T.CreateTruncating(source[i]));
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhole(int* target, Vector128<T> value)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128.ConvertToInt32Native(value.AsSingle()).Store(target);
            return;
        }
        for (var i = 0; i < Count; i++)
            target[i] = int.CreateTruncating(value[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector128<T> value) => Vector128.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Max(Vector128<T> a, Vector128<T> b) => Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Min(Vector128<T> a, Vector128<T> b) => Vector128.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Exp(Vector128<T> a) => typeof(T) == typeof(float)
        ? FloatExp.Of<Simd128<float>, Vector128<float>>(a.AsSingle()).As<float, T>()
        : Vector128.Exp(a.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ExpTwo(ref Vector128<T> a, ref Vector128<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            var (x, y) = (a.AsSingle(), b.AsSingle());
            FloatExp.OfTwo<Simd128<float>, Vector128<float>>(ref x, ref y);
            (a, b) = (x.As<float, T>(), y.As<float, T>());
            return;
        }
        (a, b) = (Exp(a), Exp(b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest(Vector128<T> value)
    {
        var largest = value[0];
        for (var i = 1; i < Count; i++)
            largest = value[i] > largest ? value[i] : largest;
        return largest;
    }
}
