using System.Text.Json;

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

    internal void Write(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartArray(name);
        writer.WriteNumberValue(Height);
        writer.WriteNumberValue(Width);
        writer.WriteEndArray();
    }

    internal void RequirePositive(string name)
    {
        if (Height <= 0 || Width <= 0)
            throw new ArgumentOutOfRangeException(name, this, $"{name} must be positive.");
    }

    internal void RequireNotNegative(string name)
    {
        if (Height < 0 || Width < 0)
            throw new ArgumentOutOfRangeException(name, this, $"{name} must not be negative.");
    }
}
