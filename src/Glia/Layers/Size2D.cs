namespace Glia.Layers;

/// <summary>A number of rows and one of columns; one number stands for both.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>The same number both ways.</summary>
    public static implicit operator Size2D(int size) => new(size, size);

    /// <summary>Rows and columns.</summary>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>"3×3".</summary>
    public override string ToString() => $"{Height}×{Width}";

    internal int[] ToArray() => [Height, Width];
}
