using System.Text.Json;

namespace Glia.Layers;

/// <summary>Images enlarged by a whole number: (batch, channels, rows, columns) becomes (batch, channels, rows·scale, columns·scale).</summary>
public sealed class UpSample2D : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="scale">How many times the rows and columns.</param>
    /// <param name="interpolation">What stands between the elements; the nearest one by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive, or there is no such interpolation.</exception>
    public UpSample2D(Size2D scale, Interpolation interpolation = Interpolation.Nearest)
    {
        if (scale.Height <= 0 || scale.Width <= 0)
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "UpSample2D expects a positive scale.");
        if (interpolation is not (Interpolation.Nearest or Interpolation.Bilinear))
            throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "UpSample2D knows Nearest and Bilinear.");
        (Scale, Interpolation) = (scale, interpolation);
    }

    /// <summary>How many times the rows and columns.</summary>
    public Size2D Scale { get; }

    /// <summary>What stands between the elements.</summary>
    public Interpolation Interpolation { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == 3
        ? (input[0], Windows.Saturate((long)input[1] * Scale.Height), Windows.Saturate((long)input[2] * Scale.Width))
        : throw ShapeException.Of(Describe(), "(channels, rows, columns)", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (input.Rank != 4)
            throw ShapeException.Of(Describe(), "(batch, channels, rows, columns)", $"input {input.Shape}");
        if (Tracing.Tracer.Current is { } tracer)
            return tracer.Whole(new Tracing.UpSampleCall(this), input);
        return Interpolation == Interpolation.Nearest ? Repeat(input) : Blend(Blend(input, 2, Scale.Height), 3, Scale.Width);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        Windows.Write(writer, "scale", Scale.ToArray());
        writer.WriteString("interpolation", Interpolation == Interpolation.Nearest ? "nearest" : "bilinear");
    }

    private Tensor Repeat(Tensor input)
    {
        var (batch, channels, rows, columns) = (input.Shape[0], input.Shape[1], input.Shape[2], input.Shape[3]);
        return input.Reshape(batch, channels, rows, 1, columns, 1)
            .BroadcastTo(new(batch, channels, rows, Scale.Height, columns, Scale.Width))
            .Reshape(batch, channels, rows * Scale.Height, columns * Scale.Width);
    }

    /// <summary>Each new element lies at (i + ½) / scale − ½ between two old ones, and at the edge on the last.</summary>
    private static Tensor Blend(Tensor input, int axis, int scale)
    {
        var size = input.Shape[axis];
        var weights = new double[size * scale, size];
        for (var i = 0; i < size * scale; i++)
        {
            var at = Math.Clamp(((i + 0.5) / scale) - 0.5, 0, size - 1);
            var low = Math.Min((int)at, Math.Max(0, size - 2));
            weights[i, low] += 1 - (at - low);
            if (low + 1 < size)
                weights[i, low + 1] += at - low;
        }
        return Tensor.Mix(input, axis, weights);
    }
}
