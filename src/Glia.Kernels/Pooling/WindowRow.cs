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
    public static V Load(T* source, int stride, int windows)
    {
        // A whole vector of pairs would read one number more than the windows meet, so the last of a row is always masked.
        if (windows > S.Count)
            return stride == 1 ? S.Load(source) : S.Even(S.Load(source), S.Load(source + S.Count));
        if (stride == 1)
            return S.LoadMasked(source, S.Mask(windows));
        var numbers = 2 * windows - 1;
        var low = S.LoadMasked(source, S.Mask(Math.Min(numbers, S.Count)));
        return S.Even(low, S.LoadMasked(source + S.Count, S.Mask(Math.Max(numbers - S.Count, 0))));
    }

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
