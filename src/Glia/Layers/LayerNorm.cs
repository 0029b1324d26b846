using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// Layer normalisation (Ba et al. 2016): y = γ·(x − mean) / √(variance + ε) + β, with mean and biased variance over the last axes of each sample by
/// itself, in training and inference alike. γ and β have one number per element of those axes.
/// </summary>
public sealed class LayerNorm : Layer
{
    /// <summary>Creates the layer with γ = 1 and β = 0.</summary>
    /// <param name="normalizedShape">The sizes of the last axes to normalise over: for features, their number.</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <param name="affine">Whether γ and β are there; true by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public LayerNorm(Shape normalizedShape, double epsilon = 1e-5, bool affine = true, DType dtype = DType.Float32)
    {
        if (normalizedShape.Rank == 0 || normalizedShape.Count == 0)
            throw new ArgumentException($"LayerNorm expects positive sizes of at least one axis but got {normalizedShape}.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        (NormalizedShape, Epsilon) = (normalizedShape, epsilon);
        if (!affine)
            return;
        Weight = Add("weight", new Parameter(normalizedShape, dtype, decays: false));
        Bias = Add("bias", new Parameter(normalizedShape, dtype, decays: false));
        Weight.FillInPlace(1);
    }

    /// <summary>The sizes of the last axes.</summary>
    public Shape NormalizedShape { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>γ, of the normalised shape; null without γ and β.</summary>
    public Parameter? Weight { get; }

    /// <summary>β, of the normalised shape; null without γ and β.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) =>
        input.Rank >= NormalizedShape.Rank && input.From(input.Rank - NormalizedShape.Rank) == NormalizedShape
            ? input
            : throw ShapeException.Of(Describe(), $"last axes of sizes {NormalizedShape}", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        return input.LayerNorm(NormalizedShape, Weight, Bias, Epsilon);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("axes", NormalizedShape.Rank);
        writer.WriteNumber("epsilon", Epsilon);
        writer.WriteBoolean("affine", Weight is not null);
    }

    private protected override void Initialize(Rng rng)
    {
        Weight?.FillInPlace(1);
        Bias?.FillInPlace(0);
    }
}
