using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>The softmax of one row, which stays in the nearest cache from the first pass to the last.</summary>
internal static unsafe class SoftmaxRow<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Exponentials summed in T before their sum goes to double.
    private const int BlockLength = 4096;

    /// <summary>y = eᶻ⁻ᵐ / Σ eᶻ⁻ᵐ with z = scale·x, scale above 0, and m the largest z; returns Σ eᶻ⁻ᵐ. y may be x.</summary>
    public static T Forward(nint n, T* x, T scale, T* y, T largest)
    {
        var sum = T.CreateTruncating(Exponentials(n, x, scale, y, largest));
        Multiply(n, y, T.One / sum);
        return sum;
    }

    /// <summary>The largest of scale·x; NaN counts for nothing, or for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Largest(nint n, T* x, T scale)
    {
        var lowest = S.Broadcast(T.NegativeInfinity);
        V m0 = lowest, m1 = lowest, m2 = lowest, m3 = lowest;
        nint i = 0;
        for (; i + 4 * S.Count <= n; i += 4 * S.Count)
        {
            m0 = S.Max(S.Load(x + i), m0);
            m1 = S.Max(S.Load(x + i + S.Count), m1);
            m2 = S.Max(S.Load(x + i + 2 * S.Count), m2);
            m3 = S.Max(S.Load(x + i + 3 * S.Count), m3);
        }
        for (; i + S.Count <= n; i += S.Count)
            m0 = S.Max(S.Load(x + i), m0);
        if (i < n)
        {
            var mask = S.Mask(n - i);
            m0 = S.Max(S.Select(mask, S.LoadMasked(x + i, mask), lowest), m0);
        }
        return scale * S.Largest(S.Max(S.Max(m0, m1), S.Max(m2, m3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Exponentials(nint n, T* x, T scale, T* y, T largest)
    {
        var (factor, shift) = (S.Broadcast(scale), S.Broadcast(-largest));
        var total = 0.0;
        for (nint start = 0; start < n; start += BlockLength)
        {
            V s0 = default, s1 = default;
            var i = start;
            var end = Math.Min(n, start + BlockLength);
            for (; i + 2 * S.Count <= end; i += 2 * S.Count)
            {
                var e0 = S.MultiplyAdd(factor, S.Load(x + i), shift);
                var e1 = S.MultiplyAdd(factor, S.Load(x + i + S.Count), shift);
                S.ExpTwo(ref e0, ref e1);
                S.Store(y + i, e0);
                S.Store(y + i + S.Count, e1);
                s0 = S.Add(s0, e0);
                s1 = S.Add(s1, e1);
            }
            for (; i < end; i += S.Count)
            {
                var mask = S.Mask(Math.Min(S.Count, end - i));
                var e = S.Exp(S.MultiplyAdd(factor, S.LoadMasked(x + i, mask), shift));
                S.StoreMasked(y + i, mask, e);
                s0 = S.Add(s0, S.Select(mask, e, default));
            }
            total += double.CreateTruncating(S.Sum(S.Add(s0, s1)));
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(nint n, T* y, T factor)
    {
        var f = S.Broadcast(factor);
        nint i = 0;
        for (; i + S.Count <= n; i += S.Count)
            S.Store(y + i, S.Multiply(S.Load(y + i), f));
        if (i < n)
        {
            var mask = S.Mask(n - i);
            S.StoreMasked(y + i, mask, S.Multiply(S.LoadMasked(y + i, mask), f));
        }
    }

    /// <summary>dx = scale·y·(dy − Σ y·dy); dx may be dy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(nint n, T* y, T* dy, T scale, T* dx)
    {
        V s0 = default, s1 = default, s2 = default, s3 = default;
        nint i = 0;
        for (; i + 4 * S.Count <= n; i += 4 * S.Count)
        {
            s0 = S.MultiplyAdd(S.Load(y + i), S.Load(dy + i), s0);
            s1 = S.MultiplyAdd(S.Load(y + i + S.Count), S.Load(dy + i + S.Count), s1);
            s2 = S.MultiplyAdd(S.Load(y + i + 2 * S.Count), S.Load(dy + i + 2 * S.Count), s2);
            s3 = S.MultiplyAdd(S.Load(y + i + 3 * S.Count), S.Load(dy + i + 3 * S.Count), s3);
        }
        for (; i < n; i += S.Count)
        {
            var mask = S.Mask(Math.Min(S.Count, n - i));
            s0 = S.MultiplyAdd(S.LoadMasked(y + i, mask), S.LoadMasked(dy + i, mask), s0);
        }
        var (shift, factor) = (S.Broadcast(-S.Sum(S.Add(S.Add(s0, s1), S.Add(s2, s3)))), S.Broadcast(scale));
        i = 0;
        for (; i + S.Count <= n; i += S.Count)
            S.Store(dx + i, S.Multiply(S.Multiply(S.Load(y + i), factor), S.Add(S.Load(dy + i), shift)));
        if (i < n)
        {
            var mask = S.Mask(n - i);
            S.StoreMasked(dx + i, mask, S.Multiply(S.Multiply(S.LoadMasked(y + i, mask), factor), S.Add(S.LoadMasked(dy + i, mask), shift)));
        }
    }
}
