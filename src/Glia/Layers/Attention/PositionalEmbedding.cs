using System.Text.Json;
using Glia.Initializers;

namespace Glia.Layers;

/// <summary>
/// Adds a learned vector for each position, y = x + W[0 … time − 1], as BERT and GPT-2 do, since attention by itself does not know the order of steps. Input
/// (batch, time, features) with no more than the given number of steps. W starts normal with standard deviation 0.02.
/// </summary>
public sealed class PositionalEmbedding : Layer
{
    private const double InitialDeviation = 0.02;

    /// <summary>Creates the layer.</summary>
    /// <param name="maxLength">The longest sequence.</param>
    /// <param name="features">The features of each step.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public PositionalEmbedding(int maxLength, int features, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        Weight = Add("weight", new Parameter((maxLength, features), dtype));
        Initialize(DefaultRng.Next());
    }

    /// <summary>The vectors, (max length, features).</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 2 || input[1] != Weight.Shape[1])
            throw ShapeException.Of(Describe(), $"(time, {Weight.Shape[1]})", $"input {input}");
        return input[0] <= Weight.Shape[0]
            ? input
            : throw ShapeException.Of(Describe(), $"at most {Weight.Shape[0]} steps", $"input {input}", "Make it with a larger maxLength, or take PositionalEncoding, which has no limit.");
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        var time = OutputShape(SampleOf(input))[0];
        return input + (time == Weight.Shape[0] && !Tracing.Tracer.IsOn ? Weight : Weight.Slice(0, 0, time));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer) => writer.WriteNumber("maxLength", Weight.Shape[0]);

    private protected override void Initialize(Rng rng) => rng.Split("weight").FillNormal(Weight, 0, InitialDeviation);
}
