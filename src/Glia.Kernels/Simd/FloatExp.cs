using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Glia.Kernels;

/// <summary>
/// eˣ of vectors of float in single precision, to within 1.01 units in the last place: x = n·ln 2 + r, and for eʳ the polynomial 1 + r + r²·q(r), q of degree 4 and
/// with the smallest greatest relative error, 3·10⁻⁹. The vector maths of .NET goes by way of double and takes three times as long.
/// </summary>
internal static class FloatExp
{
    // Beyond these the result is infinity, or 0.
    private const float Highest = 89;
    private const float Lowest = -105;

    // Adding it leaves a whole number in the lowest bits, raised by twice the bias of the exponent.
    private const float Rounder = 1.5f * (1 << 23) + 254;
    private const float InverseLn2 = 1.44269504088896341f;

    // ln 2 in two parts, the first exact in few bits.
    private const float MinusLn2High = -0.693359375f;
    private const float MinusLn2Low = 2.12194440e-4f;
    private const float C6 = 1.3820739696e-3f;
    private const float C5 = 8.3686774597e-3f;
    private const float C4 = 4.1668266058e-2f;
    private const float C3 = 1.6666521132e-1f;
    private const float C2 = 4.9999999404e-1f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<S, V>(V x)
        where S : struct, ISimd<V, float>
        where V : unmanaged
    {
        // The limit comes first, so that what is not a number stays so.
        x = S.Max(S.Broadcast(Lowest), S.Min(S.Broadcast(Highest), x));
        var biased = S.MultiplyAdd(x, S.Broadcast(InverseLn2), S.Broadcast(Rounder));
        var n = S.Add(biased, S.Broadcast(-Rounder));
        var r = S.MultiplyAdd(n, S.Broadcast(MinusLn2High), x);
        r = S.MultiplyAdd(n, S.Broadcast(MinusLn2Low), r);
        var p = S.MultiplyAdd(S.Broadcast(C6), r, S.Broadcast(C5));
        p = S.MultiplyAdd(p, r, S.Broadcast(C4));
        p = S.MultiplyAdd(p, r, S.Broadcast(C3));
        p = S.MultiplyAdd(p, r, S.Broadcast(C2));
        p = S.MultiplyAdd(p, r, S.Broadcast(1f));
        return Scale(S.MultiplyAdd(p, r, S.Broadcast(1f)), biased, n);
    }

    /// <summary>The same for two vectors step by step, so that a constant is at hand for both and few registers are needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfTwo<S, V>(ref V x, ref V y)
        where S : struct, ISimd<V, float>
        where V : unmanaged
    {
        var c = S.Broadcast(Highest);
        var (rx, ry) = (S.Min(c, x), S.Min(c, y));
        c = S.Broadcast(Lowest);
        (rx, ry) = (S.Max(c, rx), S.Max(c, ry));
        c = S.Broadcast(InverseLn2);
        var d = S.Broadcast(Rounder);
        var (bx, by) = (S.MultiplyAdd(rx, c, d), S.MultiplyAdd(ry, c, d));
        c = S.Broadcast(-Rounder);
        var (nx, ny) = (S.Add(bx, c), S.Add(by, c));
        c = S.Broadcast(MinusLn2High);
        (rx, ry) = (S.MultiplyAdd(nx, c, rx), S.MultiplyAdd(ny, c, ry));
        c = S.Broadcast(MinusLn2Low);
        (rx, ry) = (S.MultiplyAdd(nx, c, rx), S.MultiplyAdd(ny, c, ry));
        c = S.Broadcast(C6);
        d = S.Broadcast(C5);
        var (px, py) = (S.MultiplyAdd(c, rx, d), S.MultiplyAdd(c, ry, d));
        c = S.Broadcast(C4);
        (px, py) = (S.MultiplyAdd(px, rx, c), S.MultiplyAdd(py, ry, c));
        c = S.Broadcast(C3);
        (px, py) = (S.MultiplyAdd(px, rx, c), S.MultiplyAdd(py, ry, c));
        c = S.Broadcast(C2);
        (px, py) = (S.MultiplyAdd(px, rx, c), S.MultiplyAdd(py, ry, c));
        c = S.Broadcast(1f);
        (px, py) = (S.MultiplyAdd(px, rx, c), S.MultiplyAdd(py, ry, c));
        x = Scale(S.MultiplyAdd(px, rx, c), bx, nx);
        y = Scale(S.MultiplyAdd(py, ry, c), by, ny);
    }

    /// <summary>p·2ⁿ, with overflow to infinity and down to the smallest numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Scale<V>(V p, V biased, V n)
        where V : unmanaged
    {
        if (typeof(V) == typeof(Vector512<float>))
            return Unsafe.BitCast<Vector512<float>, V>(Avx512F.Scale(Unsafe.BitCast<V, Vector512<float>>(p), Unsafe.BitCast<V, Vector512<float>>(n)));
        // In two halves, since 2ⁿ itself may not be a number of this type: n + 254 as an exponent, and of that the half, whole.
        if (typeof(V) == typeof(Vector256<float>))
        {
            var whole = Unsafe.BitCast<V, Vector256<uint>>(biased) << 23;
            var half = (whole >> 1) & Vector256.Create(0x7F800000u);
            return Unsafe.BitCast<Vector256<float>, V>(Unsafe.BitCast<V, Vector256<float>>(p) * half.AsSingle() * (whole - half).AsSingle());
        }
        else
        {
            var whole = Unsafe.BitCast<V, Vector128<uint>>(biased) << 23;
            var half = (whole >> 1) & Vector128.Create(0x7F800000u);
            return Unsafe.BitCast<Vector128<float>, V>(Unsafe.BitCast<V, Vector128<float>>(p) * half.AsSingle() * (whole - half).AsSingle());
        }
    }
}
