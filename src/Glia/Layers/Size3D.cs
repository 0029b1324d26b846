namespace Glia.Layers;

/// <summary>A size along depth, one of rows and one of columns; one number stands for all three.</summary>
/// <param name="Depth">Along the depth.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Size3D(int Depth, int Height, int Width)
{
    /// <summary>The same number all three ways.</summary>
    public static implicit operator Size3D(int size) => new(size, size, size);

    /// <summary>Depth, rows and columns.</summary>
    public static implicit operator Size3D((int Depth, int Height, int Width) size) => new(size.Depth, size.Height, size.Width);

    /// <summary>"2×3×3".</summary>
    public override string ToString() => $"{Depth}×{Height}×{Width}";

    internal int[] ToArray() => [Depth, Height, Width];
}
