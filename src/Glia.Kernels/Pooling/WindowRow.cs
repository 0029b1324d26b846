using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>Neighbouring windows of a row as the lanes of vectors; for strides of 1 and 2.</summary>
internal static unsafe class WindowRow<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The window positions [First, End) whose taps all meet the input; none for strides that vectors do not serve.</summary>
    public static (int First, int End) Interior(in WindowAxis axis, int positions)
    {
        var last = axis.In - 1 - (long)axis.Dilation * (axis.Kernel - 1) + axis.PadBefore;
        if (axis.Stride > 2 || last < 0)
            return (0, 0);
        var first = Math.Min((axis.PadBefore + axis.Stride - 1) / axis.Stride, positions);
        return (first, (int)Math.Clamp(last / axis.Stride + 1, first, positions));
    }

    /// <summary>The elements that <paramref name="windows"/> windows, at most a vector of them, meet at one tap, the first at <paramref name="source"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(T* source, int stride, int windows) => Load(source, stride, windows > S.Count, LowMask(stride, windows), HighMask(stride, windows));

    /// <summary>The same with masks made beforehand; <paramref name="more"/> when another window follows the vector's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(T* source, int stride, bool more, V low, V high)
    {
        // A whole vector of pairs would read one number more than the windows meet, so the last of a row is always masked.
        if (more)
            return stride == 1 ? S.Load(source) : S.Even(S.Load(source), S.Load(source + S.Count));
        if (stride == 1)
            return S.LoadMasked(source, low);
        return S.Even(S.LoadMasked(source, low), S.LoadMasked(source + S.Count, high));
    }

    /// <summary>Which numbers of the first vector that <see cref="Load(T*, int, bool, V, V)"/> reads are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LowMask(int stride, int windows) => S.Mask(Math.Min(stride * (windows - 1) + 1, S.Count));

    /// <summary>The same for the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V HighMask(int stride, int windows) => S.Mask(Math.Clamp(stride * (windows - 1) + 1 - S.Count, 0, S.Count));

    /// <summary>Stores a number for each of <paramref name="windows"/> windows, at most a vector of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, V value, int windows)
    {
        if (windows >= S.Count)
            S.Store(target, value);
        else
            S.StoreMasked(target, S.Mask(windows), value);
    }
}
