using System.Text.Json;

namespace Glia.Layers;

/// <summary>The edges of images cut off: (batch, channels, rows, columns) becomes (batch, channels, rows − above − below, columns − left − right).</summary>
public sealed class Crop2D : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="cropping">One number, one for rows and one for columns, or <c>Padding.Sides((above, below), (left, right))</c>.</param>
    /// <exception cref="ArgumentException">The amounts are not given in numbers, or for another number of axes.</exception>
    public Crop2D(Padding cropping)
    {
        cropping.RequireNumbers(nameof(Crop2D), 2);
        Cropping = cropping;
    }

    /// <summary>How much is cut off.</summary>
    public Padding Cropping { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 3)
            throw ShapeException.Of(Describe(), "(channels, rows, columns)", $"input {input}");
        var (rows, columns) = (Left(input[1], Cropping[0]), Left(input[2], Cropping[1]));
        if (rows < 1 || columns < 1)
            throw ShapeException.Of(Describe(), $"an image larger than what it cuts off, {Cropping}", $"input {input}");
        return (input[0], (int)rows, (int)columns);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (input.Rank != 4)
            throw ShapeException.Of(Describe(), "(batch, channels, rows, columns)", $"input {input.Shape}");
        var sample = OutputShape(SampleOf(input));
        return input.Slice(2, Cropping[0].Before, sample[1]).Slice(3, Cropping[1].Before, sample[2]);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer) => Cropping.Write(writer, 2);

    private static long Left(int size, (int Before, int After) cropping) => (long)size - cropping.Before - cropping.After;
}
