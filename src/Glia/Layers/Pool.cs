using System.Text.Json;
using Glia.Kernels;

namespace Glia.Layers;

/// <summary>What max and average pooling have in common: a window that moves over one to three axes of each channel.</summary>
public abstract class Pool : Layer
{
    private protected Pool(Windows windows, bool ceilMode)
    {
        (Windows, CeilMode) = (windows, ceilMode);
        for (var i = 0; i < windows.Axes; i++)
        {
            var (before, after) = windows.Padding[i];
            if (Math.Max(before, after) > windows.Kernel[i] / 2)
                throw new ArgumentException($"{GetType().Name} expects a padding of at most half its {Windows.Format(windows.Kernel)} window but got {windows.Padding}.");
        }
    }

    /// <summary>The window's size along each axis, the outermost first.</summary>
    public IReadOnlyList<int> PoolSize => Windows.Kernel;

    /// <summary>Steps between windows along each axis; the window's size by default, so that windows do not overlap.</summary>
    public IReadOnlyList<int> Stride => Windows.Stride;

    /// <summary>Steps between neighbouring elements of a window along each axis.</summary>
    public IReadOnlyList<int> Dilation => Windows.Dilation;

    /// <summary>What is put around the input.</summary>
    public Padding Padding => Windows.Padding;

    /// <summary>Whether the number of windows is rounded up rather than down, so that the last one may hang over the edge.</summary>
    public bool CeilMode { get; }

    internal Windows Windows { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != Windows.Axes + 1)
            throw ShapeException.Of(Describe(), $"(channels, {Windows.AxisNames})", $"input {input}");
        var sizes = Windows.Out(input.Sizes[1..], CeilMode);
        if (Array.Exists(sizes, s => s < 1))
        {
            throw ShapeException.Of(
                Describe(), $"{Windows.InputName} at least as large as its {Windows.Describe("window")}", $"input {input}",
                "Use a smaller window, or fewer pooling layers before it.");
        }
        return new([input[0], .. sizes]);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        Windows.Write(writer, "poolSize");
        writer.WriteBoolean("ceilMode", CeilMode);
    }

    internal PoolGeometry GeometryOf(Tensor input)
    {
        if (input.Rank != Windows.Axes + 2)
            throw ShapeException.Of(Describe(), $"(batch, channels, {Windows.AxisNames})", $"input {input.Shape}");
        OutputShape(SampleOf(input));
        var (depth, height, width) = Windows.Over(input.Shape.Sizes[2..]);
        return new(input.Shape[0] * input.Shape[1], depth, height, width, CeilMode);
    }
}
