using System.Text.Json;
using Glia.Kernels;

namespace Glia.Layers;

/// <summary>How windows of one to three axes move over an input: the sizes of kernel, stride and dilation per axis, outermost first, and the padding.</summary>
internal sealed record Windows
{
    public Windows(int[] kernel, int[] stride, Padding padding, int[] dilation)
    {
        (Kernel, Stride, Padding, Dilation) = (kernel, stride, padding, dilation);
        RequirePositive("kernel", kernel);
        RequirePositive("stride", stride);
        RequirePositive("dilation", dilation);
        padding.RequireAxes(kernel.Length);
    }

    public int[] Kernel { get; }

    public int[] Stride { get; }

    public Padding Padding { get; }

    public int[] Dilation { get; }

    public int Axes => Kernel.Length;

    /// <summary>"length", "rows, columns" or "depth, rows, columns".</summary>
    public string AxisNames => NamesOf(Axes);

    /// <summary>"a sequence", "an image" or "a volume".</summary>
    public string InputName => Axes switch
    {
        1 => "a sequence",
        2 => "an image",
        _ => "a volume",
    };

    /// <summary>"3×3 kernel", or "3×3 kernel, which dilation makes 5×5".</summary>
    public string Describe(string what) => Array.TrueForAll(Dilation, d => d == 1)
        ? $"{Format(Kernel)} {what}"
        : $"{Format(Kernel)} {what}, which dilation makes {string.Join('×', Kernel.Zip(Dilation, (k, d) => ((long)d * (k - 1)) + 1))}";

    public static string NamesOf(int axes) => axes switch
    {
        1 => "length",
        2 => "rows, columns",
        _ => "depth, rows, columns",
    };

    /// <summary>A size as a shape can hold it; a shape of too many elements is then refused.</summary>
    public static int Saturate(long size) => (int)Math.Min(size, int.MaxValue);

    /// <summary>"3×3".</summary>
    public static string Format(int[] sizes) => string.Join('×', sizes);

    public static void Write(Utf8JsonWriter writer, string name, int[] sizes)
    {
        writer.WriteStartArray(name);
        foreach (var size in sizes)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
    }

    /// <summary>Window and input along one axis, for an input of some size there.</summary>
    public WindowAxis Along(int axis, int size)
    {
        var (kernel, stride, dilation) = (Kernel[axis], Stride[axis], Dilation[axis]);
        var (before, after) = Padding[axis];
        if (Padding.IsSame)
        {
            var positions = ((long)size + stride - 1) / stride;
            var total = Math.Clamp(((positions - 1) * stride) + ((long)dilation * (kernel - 1)) + 1 - size, 0, int.MaxValue);
            before = (int)(total / 2);
            after = (int)total - before;
        }
        return new(size, kernel, stride, before, after, dilation);
    }

    /// <summary>The three axes of a kernel's geometry, for an input of some sizes; those that are not there are units.</summary>
    public (WindowAxis Depth, WindowAxis Height, WindowAxis Width) Over(ReadOnlySpan<int> sizes) => (
        Axes > 2 ? Along(Axes - 3, sizes[^3]) : WindowAxis.Unit,
        Axes > 1 ? Along(Axes - 2, sizes[^2]) : WindowAxis.Unit,
        Along(Axes - 1, sizes[^1]));

    /// <summary>The output's sizes; below 1 where the window does not fit.</summary>
    public int[] Out(ReadOnlySpan<int> sizes, bool ceilMode = false)
    {
        var result = new int[Axes];
        for (var i = 0; i < Axes; i++)
            result[i] = ceilMode ? Along(i, sizes[i]).OutCeil : Along(i, sizes[i]).Out;
        return result;
    }

    public void Write(Utf8JsonWriter writer, string kernelName)
    {
        Write(writer, kernelName, Kernel);
        Write(writer, "stride", Stride);
        Padding.Write(writer, Axes);
        Write(writer, "dilation", Dilation);
    }

    private static void RequirePositive(string name, int[] sizes)
    {
        if (Array.Exists(sizes, s => s <= 0))
            throw new ArgumentOutOfRangeException(name, Format(sizes), $"The {name} must be positive along every axis.");
    }
}
