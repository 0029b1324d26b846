namespace Glia.Kernels;

/// <summary>The taps of one window position that meet the input: how many, and the element the first of them meets.</summary>
internal readonly struct WindowTaps
{
    public readonly int Count, Element;

    public WindowTaps(in WindowAxis axis, int position)
    {
        var start = (long)position * axis.Stride - axis.PadBefore;
        if (start >= 0 && start + (long)(axis.Kernel - 1) * axis.Dilation < axis.In)
        {
            (Count, Element) = (axis.Kernel, (int)start);
            return;
        }
        var first = (int)Math.Min(start >= 0 ? 0 : (-start + axis.Dilation - 1) / axis.Dilation, axis.Kernel);
        var end = (int)Math.Clamp((axis.In - start + axis.Dilation - 1) / axis.Dilation, first, axis.Kernel);
        (Count, Element) = (end - first, (int)(start + (long)first * axis.Dilation));
    }

    /// <summary>The taps that meet the input or its padding.</summary>
    public static int CountPadded(in WindowAxis axis, int position)
    {
        var left = axis.In + (long)axis.PadAfter - ((long)position * axis.Stride - axis.PadBefore);
        return (int)Math.Clamp((left + axis.Dilation - 1) / axis.Dilation, 0, axis.Kernel);
    }
}
