using Glia.Replay;
using Glia.Tracing;

namespace Glia.Layers;

/// <summary>
/// Adds a fixed pattern that tells positions apart (Vaswani et al. 2017), since attention by itself does not know the order of steps: sin(t / 10000^(2i/d)) to feature 2i
/// and cos(t / 10000^(2i/d)) to feature 2i + 1 of step t. Input (batch, time, d); no parameters; sequences may be of any length.
/// </summary>
public sealed class PositionalEncoding : Layer
{
    private const double Base = 10_000;

    // The pattern for the sequences seen last; made again when another size, type or device comes.
    private Tensor? _table;

    /// <summary>The pattern for steps 0 to <paramref name="time"/> − 1, (time, features).</summary>
    /// <param name="time">The number of steps.</param>
    /// <param name="features">d.</param>
    /// <param name="dtype">The type of the result.</param>
    public static Tensor Table(int time, int features, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(time);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var values = new double[time * features];
        for (var i = 0; i < features; i++)
        {
            var frequency = Math.Pow(Base, -(double)(i - (i % 2)) / features);
            for (var t = 0; t < time; t++)
                values[(t * features) + i] = i % 2 == 0 ? Math.Sin(t * frequency) : Math.Cos(t * frequency);
        }
        return Tensor.From(values, (time, features)).To(dtype);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == 2 && input[1] > 0 ? input : throw ShapeException.Of(Describe(), "(time, features)", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        var sample = OutputShape(SampleOf(input));
        if (Tracer.Current is { } tracer)
            return input + tracer.Whole(new PositionTableCall(sample[0], sample[1], input.DType, input.Device));
        var table = _table;
        if (table is null || table.Shape != sample || table.DType != input.DType || table.Device != input.Device)
            _table = table = Recorder.Constant((sample, input), static s => MakeTable(s.sample, s.input));
        return input + table;
    }

    private static Tensor MakeTable(Shape sample, Tensor like)
    {
        using var noGrad = Gradients.NoGrad();
        var table = Tensor.AllocatePersistent(sample, like.DType, like.Device);
        table.CopyFrom(Table(sample[0], sample[1], like.DType).To(like.Device));
        return table;
    }
}
