using System.Text.Json;

namespace Glia.Layers;

/// <summary>Zeros put around images: (batch, channels, rows, columns) becomes (batch, channels, above + rows + below, left + columns + right).</summary>
public sealed class ZeroPad2D : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="padding">One number, one for rows and one for columns, or <c>Padding.Sides((above, below), (left, right))</c>.</param>
    /// <exception cref="ArgumentException">The padding is not given in numbers, or for another number of axes.</exception>
    public ZeroPad2D(Padding padding)
    {
        padding.RequireNumbers(nameof(ZeroPad2D), 2);
        Padding = padding;
    }

    /// <summary>How many zeros.</summary>
    public Padding Padding { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == 3
        ? (input[0], Larger(input[1], Padding[0]), Larger(input[2], Padding[1]))
        : throw ShapeException.Of(Describe(), "(channels, rows, columns)", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (input.Rank != 4)
            throw ShapeException.Of(Describe(), "(batch, channels, rows, columns)", $"input {input.Shape}");
        return input.Pad(2, Padding[0].Before, Padding[0].After).Pad(3, Padding[1].Before, Padding[1].After);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer) => Padding.Write(writer, 2);

    private static int Larger(int size, (int Before, int After) padding) => Windows.Saturate((long)padding.Before + size + padding.After);
}
