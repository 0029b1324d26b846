using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Glia.Kernels;

/// <summary>
/// eˣ of vectors of float in single precision, to within one unit in the last place: x = n·ln 2 + r, and Cephes' polynomial for eʳ. The vector maths of .NET
/// goes by way of double and takes three times as long.
/// </summary>
internal static class FloatExp
{
    // Beyond these the result is infinity, or 0.
    private const float Highest = 89;
    private const float Lowest = -105;

    // Adding it leaves a whole number in the lowest bits.
    private const float Rounder = 1.5f * (1 << 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<S, V>(V x)
        where S : struct, ISimd<V, float>
        where V : unmanaged
    {
        // The limit comes first, so that what is not a number stays so.
        x = S.Max(S.Broadcast(Lowest), S.Min(S.Broadcast(Highest), x));
        var rounder = S.Broadcast(Rounder);
        var n = S.Add(S.MultiplyAdd(x, S.Broadcast(1.44269504088896341f), rounder), S.Broadcast(-Rounder));
        // ln 2 in two parts, the first exact in few bits.
        var r = S.MultiplyAdd(n, S.Broadcast(-0.693359375f), x);
        r = S.MultiplyAdd(n, S.Broadcast(2.12194440e-4f), r);
        var p = S.Broadcast(1.9875691500e-4f);
        p = S.MultiplyAdd(p, r, S.Broadcast(1.3981999507e-3f));
        p = S.MultiplyAdd(p, r, S.Broadcast(8.3334519073e-3f));
        p = S.MultiplyAdd(p, r, S.Broadcast(4.1665795894e-2f));
        p = S.MultiplyAdd(p, r, S.Broadcast(1.6666665459e-1f));
        p = S.MultiplyAdd(p, r, S.Broadcast(5.0000001201e-1f));
        p = S.MultiplyAdd(p, S.Multiply(r, r), r);
        return Scale(S.Add(p, S.Broadcast(1f)), n);
    }

    /// <summary>p·2ⁿ, with overflow to infinity and down to the smallest numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Scale<V>(V p, V n)
        where V : unmanaged
    {
        if (typeof(V) == typeof(Vector512<float>))
            return Unsafe.BitCast<Vector512<float>, V>(Avx512F.Scale(Unsafe.BitCast<V, Vector512<float>>(p), Unsafe.BitCast<V, Vector512<float>>(n)));
        // In two halves, since 2ⁿ itself may not be a number of this type.
        if (typeof(V) == typeof(Vector256<float>))
        {
            var whole = Vector256.ConvertToInt32Native(Unsafe.BitCast<V, Vector256<float>>(n));
            var half = whole >> 1;
            return Unsafe.BitCast<Vector256<float>, V>(Unsafe.BitCast<V, Vector256<float>>(p) * Power(half) * Power(whole - half));
        }
        else
        {
            var whole = Vector128.ConvertToInt32Native(Unsafe.BitCast<V, Vector128<float>>(n));
            var half = whole >> 1;
            return Unsafe.BitCast<Vector128<float>, V>(Unsafe.BitCast<V, Vector128<float>>(p) * Power(half) * Power(whole - half));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Power(Vector256<int> n) => ((n + Vector256.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Power(Vector128<int> n) => ((n + Vector128.Create(127)) << 23).AsSingle();
}
