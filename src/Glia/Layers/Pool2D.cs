using System.Text.Json;
using Glia.Kernels;

namespace Glia.Layers;

/// <summary>What max and average pooling have in common: a window that moves over rows and columns of each channel.</summary>
public abstract class Pool2D : Layer
{
    private protected Pool2D(Size2D poolSize, Size2D? stride, Size2D padding, bool ceilMode)
    {
        PoolSize = poolSize;
        Stride = stride ?? poolSize;
        Padding = padding;
        CeilMode = ceilMode;
        PoolSize.RequirePositive(nameof(poolSize));
        Stride.RequirePositive(nameof(stride));
        Padding.RequireNotNegative(nameof(padding));
        if (padding.Height * 2 > poolSize.Height || padding.Width * 2 > poolSize.Width)
            throw new ArgumentException($"{GetType().Name} expects a padding of at most half its {poolSize} window but got {padding}.");
    }

    /// <summary>The window's rows and columns.</summary>
    public Size2D PoolSize { get; }

    /// <summary>Steps between windows; the window's size by default, so that windows do not overlap.</summary>
    public Size2D Stride { get; }

    /// <summary>Elements put around the input on each side.</summary>
    public Size2D Padding { get; }

    /// <summary>Whether the number of windows is rounded up rather than down, so that the last one may hang over the edge.</summary>
    public bool CeilMode { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 3)
            throw ShapeException.Of(Describe(), "(channels, rows, columns)", $"input {input}");
        var geometry = Geometry(input[0], input[1], input[2]);
        if (geometry.OutHeight < 1 || geometry.OutWidth < 1)
            throw ShapeException.Of(Describe(), $"an image at least as large as its {PoolSize} window", $"input {input}", "Use a smaller window, or fewer pooling layers before it.");
        return (input[0], geometry.OutHeight, geometry.OutWidth);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        PoolSize.Write(writer, "poolSize");
        Stride.Write(writer, "stride");
        Padding.Write(writer, "padding");
        writer.WriteBoolean("ceilMode", CeilMode);
    }

    internal PoolGeometry GeometryOf(Tensor input)
    {
        if (input.Rank != 4)
            throw ShapeException.Of(Describe(), "(batch, channels, rows, columns)", $"input {input.Shape}");
        OutputShape(SampleOf(input));
        return Geometry(input.Shape[0] * input.Shape[1], input.Shape[2], input.Shape[3]);
    }

    private PoolGeometry Geometry(int planes, int height, int width) => new(
        planes, WindowAxis.Unit,
        new(height, PoolSize.Height, Stride.Height, Padding.Height, Padding.Height),
        new(width, PoolSize.Width, Stride.Width, Padding.Width, Padding.Width), CeilMode);
}
