using System.Numerics;

namespace Glia.Kernels;

/// <summary>A comparison of two numbers.</summary>
internal enum Comparison
{
    Greater,
    GreaterOrEqual,
    Equal,
}

/// <summary>Comparisons and choices, element by element, over spans of equal length.</summary>
internal static class Comparisons
{
    public static void Compare<T>(Comparison comparison, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<bool> y)
        where T : unmanaged, IComparisonOperators<T, T, bool>
    {
        b = b[..a.Length];
        y = y[..a.Length];
        switch (comparison)
        {
            case Comparison.Greater:
                for (var i = 0; i < a.Length; i++)
                    y[i] = a[i] > b[i];
                break;
            case Comparison.GreaterOrEqual:
                for (var i = 0; i < a.Length; i++)
                    y[i] = a[i] >= b[i];
                break;
            default:
                for (var i = 0; i < a.Length; i++)
                    y[i] = a[i] == b[i];
                break;
        }
    }

    public static void Select<T>(ReadOnlySpan<bool> mask, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged
    {
        a = a[..mask.Length];
        b = b[..mask.Length];
        y = y[..mask.Length];
        for (var i = 0; i < mask.Length; i++)
            y[i] = mask[i] ? a[i] : b[i];
    }
}
