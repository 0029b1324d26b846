namespace Glia.Layers;

/// <summary>The sizes of transposed convolutions.</summary>
internal static class Transposition
{
    public static void Validate(string who, Windows windows, int[] outputPadding)
    {
        if (windows.Padding.IsSame)
            throw new ArgumentException($"{who} expects a padding in numbers but got {windows.Padding}. With a kernel as large as the stride, padding 0 gives stride times the size.");
        for (var i = 0; i < windows.Axes; i++)
        {
            var limit = Math.Max(windows.Stride[i], windows.Dilation[i]);
            if (outputPadding[i] < 0 || outputPadding[i] >= limit)
                throw new ArgumentOutOfRangeException(nameof(outputPadding), Windows.Format(outputPadding), $"{who} expects an output padding from 0 to below its stride or dilation, {limit}.");
        }
    }

    /// <summary>(in − 1)·stride − padding before and after + dilation·(kernel − 1) + output padding + 1 along each axis; 0 where there is nothing left.</summary>
    public static int[] Out(Windows windows, int[] outputPadding, ReadOnlySpan<int> sizes)
    {
        var result = new int[windows.Axes];
        for (var i = 0; i < result.Length; i++)
        {
            var (before, after) = windows.Padding[i];
            var size = ((sizes[i] - 1L) * windows.Stride[i]) - before - after + ((long)windows.Dilation[i] * (windows.Kernel[i] - 1)) + outputPadding[i] + 1;
            result[i] = (int)Math.Clamp(size, 0, int.MaxValue);
        }
        return result;
    }
}
