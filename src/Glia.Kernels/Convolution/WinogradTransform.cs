using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>
/// The linear maps of Winograd's convolution F(4×4, 3×3) and of its kernel gradient F(3×3, 4×4), for as many channels at a time as a vector has lanes: both interpolate
/// polynomials of degree 5 at 0, ±a, ±b and ∞ (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015). With a = 11/16 and b = 11/8 the largest and the
/// smallest factors are close together, which keeps the error at about twice that of the direct sum (the usual 1 and 2 give 4.6 times), and those of the input and the output are exact.
/// </summary>
internal static unsafe class WinogradTransform<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows and columns of a tile of the output.</summary>
    public const int Outputs = 4;

    /// <summary>Rows and columns of a tile of the input: outputs + taps − 1 = points.</summary>
    public const int Points = 6;

    /// <summary>Products per tile and pair of channels.</summary>
    public const int Frequencies = Points * Points;

    public const int Taps = 3;

    private const double PointA = 11.0 / 16;
    private const double PointB = 11.0 / 8;
    private const double SquareA = PointA * PointA;
    private const double SquareB = PointB * PointB;

    // Products of a point's distances to the others.
    private const double Distance0 = SquareA * SquareB;
    private const double DistanceA = 2 * SquareA * (SquareA - SquareB);
    private const double DistanceB = 2 * SquareB * (SquareB - SquareA);

    private static readonly T A = T.CreateChecked(PointA);
    private static readonly T B = T.CreateChecked(PointB);
    private static readonly T A2 = T.CreateChecked(SquareA);
    private static readonly T B2 = T.CreateChecked(SquareB);
    private static readonly T A3 = T.CreateChecked(SquareA * PointA);
    private static readonly T B3 = T.CreateChecked(SquareB * PointB);
    private static readonly T MinusA2 = T.CreateChecked(-SquareA);
    private static readonly T MinusB2 = T.CreateChecked(-SquareB);
    private static readonly T MinusSum = T.CreateChecked(-SquareA - SquareB);
    private static readonly T Product = T.CreateChecked(SquareA * SquareB);
    private static readonly T Scale0 = T.CreateChecked(1 / Distance0);
    private static readonly T ScaleA = T.CreateChecked(1 / DistanceA);
    private static readonly T ScaleB = T.CreateChecked(1 / DistanceB);
    private static readonly T OddA = T.CreateChecked(PointA / DistanceA);
    private static readonly T OddB = T.CreateChecked(PointB / DistanceB);

    /// <summary>Numbers of the working memory that the maps of a tile need.</summary>
    public static int Room => Frequencies * S.Count;

    /// <summary>A tile of 6 × 6 inputs → 36 frequencies, <paramref name="stride"/> apart.</summary>
    public static void Input(T* source, nint column, nint row, T* room, T* target, nint stride)
    {
        for (var j = 0; j < Points; j++)
            Input1(source + j * column, row, room + j * S.Count, Points * S.Count);
        for (var i = 0; i < Points; i++, room += Points * S.Count, target += Points * stride)
            Input1(room, S.Count, target, stride);
    }

    /// <summary>A tile of 4 × 4 gradients of the output → 36 frequencies.</summary>
    public static void Gradient(T* source, nint column, nint row, T* room, T* target, nint stride)
    {
        for (var j = 0; j < Outputs; j++)
            Gradient1(source + j * column, row, room + j * S.Count, Outputs * S.Count);
        for (var i = 0; i < Points; i++, room += Outputs * S.Count, target += Points * stride)
            Gradient1(room, S.Count, target, stride);
    }

    /// <summary>3 × 3 taps, <paramref name="tap"/> apart → 36 frequencies.</summary>
    public static void Kernel(T* source, nint tap, T* room, T* target, nint stride)
    {
        for (var j = 0; j < Taps; j++)
            Kernel1(source + j * tap, Taps * tap, room + j * S.Count, Taps * S.Count);
        for (var i = 0; i < Points; i++, room += Taps * S.Count, target += Points * stride)
            Kernel1(room, S.Count, target, stride);
    }

    /// <summary>36 frequencies → a tile of 4 × 4 outputs.</summary>
    public static void Output(T* source, nint stride, T* room, T* target, nint column, nint row)
    {
        for (var j = 0; j < Points; j++)
            Output1(source + j * stride, Points * stride, room + j * S.Count, Points * S.Count);
        for (var i = 0; i < Outputs; i++, room += Points * S.Count, target += row)
            Output1(room, S.Count, target, column);
    }

    /// <summary>36 frequencies → gradients of 3 × 3 taps, <paramref name="tap"/> apart.</summary>
    public static void KernelGradient(T* source, nint stride, T* room, T* target, nint tap)
    {
        for (var j = 0; j < Points; j++)
            KernelGradient1(source + j * stride, Points * stride, room + j * S.Count, Points * S.Count);
        for (var i = 0; i < Taps; i++, room += Points * S.Count, target += Taps * tap)
            KernelGradient1(room, S.Count, target, tap);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input1(T* d, nint step, T* to, nint toStep)
    {
        V d0 = S.Load(d), d1 = S.Load(d + step), d2 = S.Load(d + 2 * step), d3 = S.Load(d + 3 * step), d4 = S.Load(d + 4 * step), d5 = S.Load(d + 5 * step);
        S.Store(to, S.MultiplyAdd(S.Broadcast(Product), d0, S.MultiplyAdd(S.Broadcast(MinusSum), d2, d4)));
        S.Store(to + 5 * toStep, S.MultiplyAdd(S.Broadcast(Product), d1, S.MultiplyAdd(S.Broadcast(MinusSum), d3, d5)));
        var even = S.MultiplyAdd(S.Broadcast(MinusB2), d2, d4);
        var odd = S.Multiply(S.Broadcast(A), S.MultiplyAdd(S.Broadcast(MinusB2), d1, d3));
        S.Store(to + toStep, S.Add(even, odd));
        S.Store(to + 2 * toStep, S.Subtract(even, odd));
        even = S.MultiplyAdd(S.Broadcast(MinusA2), d2, d4);
        odd = S.Multiply(S.Broadcast(B), S.MultiplyAdd(S.Broadcast(MinusA2), d1, d3));
        S.Store(to + 3 * toStep, S.Add(even, odd));
        S.Store(to + 4 * toStep, S.Subtract(even, odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gradient1(T* d, nint step, T* to, nint toStep)
    {
        V d0 = S.Load(d), d1 = S.Load(d + step), d2 = S.Load(d + 2 * step), d3 = S.Load(d + 3 * step);
        S.Store(to, S.Multiply(S.Broadcast(Scale0), d0));
        S.Store(to + 5 * toStep, d3);
        var even = S.Multiply(S.Broadcast(ScaleA), S.MultiplyAdd(S.Broadcast(A2), d2, d0));
        var odd = S.Multiply(S.Broadcast(OddA), S.MultiplyAdd(S.Broadcast(A2), d3, d1));
        S.Store(to + toStep, S.Add(even, odd));
        S.Store(to + 2 * toStep, S.Subtract(even, odd));
        even = S.Multiply(S.Broadcast(ScaleB), S.MultiplyAdd(S.Broadcast(B2), d2, d0));
        odd = S.Multiply(S.Broadcast(OddB), S.MultiplyAdd(S.Broadcast(B2), d3, d1));
        S.Store(to + 3 * toStep, S.Add(even, odd));
        S.Store(to + 4 * toStep, S.Subtract(even, odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Kernel1(T* d, nint step, T* to, nint toStep)
    {
        V d0 = S.Load(d), d1 = S.Load(d + step), d2 = S.Load(d + 2 * step);
        S.Store(to, S.Multiply(S.Broadcast(Scale0), d0));
        S.Store(to + 5 * toStep, d2);
        var even = S.Multiply(S.Broadcast(ScaleA), S.MultiplyAdd(S.Broadcast(A2), d2, d0));
        var odd = S.Multiply(S.Broadcast(OddA), d1);
        S.Store(to + toStep, S.Add(even, odd));
        S.Store(to + 2 * toStep, S.Subtract(even, odd));
        even = S.Multiply(S.Broadcast(ScaleB), S.MultiplyAdd(S.Broadcast(B2), d2, d0));
        odd = S.Multiply(S.Broadcast(OddB), d1);
        S.Store(to + 3 * toStep, S.Add(even, odd));
        S.Store(to + 4 * toStep, S.Subtract(even, odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Output1(T* d, nint step, T* to, nint toStep)
    {
        V d1 = S.Load(d + step), d2 = S.Load(d + 2 * step), d3 = S.Load(d + 3 * step), d4 = S.Load(d + 4 * step);
        V evenA = S.Add(d1, d2), oddA = S.Subtract(d1, d2), evenB = S.Add(d3, d4), oddB = S.Subtract(d3, d4);
        S.Store(to, S.Add(S.Load(d), S.Add(evenA, evenB)));
        S.Store(to + toStep, S.MultiplyAdd(S.Broadcast(A), oddA, S.Multiply(S.Broadcast(B), oddB)));
        S.Store(to + 2 * toStep, S.MultiplyAdd(S.Broadcast(A2), evenA, S.Multiply(S.Broadcast(B2), evenB)));
        S.Store(to + 3 * toStep, S.MultiplyAdd(S.Broadcast(A3), oddA, S.MultiplyAdd(S.Broadcast(B3), oddB, S.Load(d + 5 * step))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelGradient1(T* d, nint step, T* to, nint toStep)
    {
        V d1 = S.Load(d + step), d2 = S.Load(d + 2 * step), d3 = S.Load(d + 3 * step), d4 = S.Load(d + 4 * step);
        V evenA = S.Add(d1, d2), evenB = S.Add(d3, d4);
        S.Store(to, S.Add(S.Load(d), S.Add(evenA, evenB)));
        S.Store(to + toStep, S.MultiplyAdd(S.Broadcast(A), S.Subtract(d1, d2), S.Multiply(S.Broadcast(B), S.Subtract(d3, d4))));
        S.Store(to + 2 * toStep, S.MultiplyAdd(S.Broadcast(A2), evenA, S.MultiplyAdd(S.Broadcast(B2), evenB, S.Load(d + 5 * step))));
    }
}
