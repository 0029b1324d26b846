namespace Glia.Layers;

/// <summary>What global pooling over one to three axes has in common: one number for each channel.</summary>
public abstract class GlobalPool : Layer
{
    private readonly int[] _axes;

    private protected GlobalPool(int axes) => _axes = [.. Enumerable.Range(2, axes)];

    private string AxisNames => Windows.NamesOf(_axes.Length);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == _axes.Length + 1 && !input.Sizes[1..].Contains(0)
        ? new([input[0], .. Enumerable.Repeat(1, _axes.Length)])
        : throw ShapeException.Of(Describe(), $"(channels, {AxisNames})", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (input.Rank != _axes.Length + 2)
            throw ShapeException.Of(Describe(), $"(batch, channels, {AxisNames})", $"input {input.Shape}");
        OutputShape(SampleOf(input));
        return Reduce(input, _axes);
    }

    private protected abstract Tensor Reduce(Tensor input, int[] axes);

    /// <summary>The largest element of each channel, by a window as large as the input.</summary>
    private protected static Tensor LargestOf(Tensor input)
    {
        if (Tracing.Tracer.Current is { } tracer)
            return tracer.Whole(new Tracing.GlobalMaxCall(), input);
        int[] sizes = [1, 1, .. input.Shape.Sizes[2..]];
        return Tensor.MaxPool(input, new(input.Shape[0] * input.Shape[1], new(sizes[^3], sizes[^3]), new(sizes[^2], sizes[^2]), new(sizes[^1], sizes[^1])));
    }
}
