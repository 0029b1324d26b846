namespace Glia.Kernels;

/// <summary>
/// The sizes of a pooling: x [Planes, depth, height, width], one plane per image and channel. Axes that are not there are
/// <see cref="WindowAxis.Unit"/>. With <paramref name="CeilMode"/> a last window may hang over the end as long as it starts inside the
/// input or its left padding.
/// </summary>
internal readonly record struct PoolGeometry(int Planes, WindowAxis Depth, WindowAxis Height, WindowAxis Width, bool CeilMode = false)
{
    public int OutDepth => CeilMode ? Depth.OutCeil : Depth.Out;

    public int OutHeight => CeilMode ? Height.OutCeil : Height.Out;

    public int OutWidth => CeilMode ? Width.OutCeil : Width.Out;

    /// <summary>Numbers in a plane of x.</summary>
    public long InPlane => (long)Depth.In * Height.In * Width.In;

    /// <summary>Numbers in a plane of y.</summary>
    public long OutPlane => (long)OutDepth * OutHeight * OutWidth;

    internal void Validate(int x, int y)
    {
        if (Planes < 0)
            throw new ArgumentException($"The number of planes must not be negative; got {Planes}.");
        Depth.Validate("depth");
        Height.Validate("height");
        Width.Validate("width");
        Check("input", Planes * (Int128)InPlane, x);
        Check("output", Planes * (Int128)OutPlane, y);
    }

    private static void Check(string name, Int128 needed, int length)
    {
        if (length < needed)
            throw new ArgumentException($"The pooling's {name} needs {needed} numbers; the span has {length}.");
    }
}
