using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// x where x &gt; 0, else w·x with learned slopes w: one for all, or one per channel (axis 1) (He et al. 2015). Slopes start at 0.25; the
/// derivative is 1 where x &gt; 0, else the slope, and x for the slope where x ≤ 0; range (−∞, ∞).
/// </summary>
public sealed class PReLU : Layer
{
    private readonly double _initial;

    /// <summary>Creates the layer.</summary>
    /// <param name="channels">The number of slopes: 1 (the default) shared by all, or the size of axis 1.</param>
    /// <param name="initial">The slopes' first value; 0.25 by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    public PReLU(int channels = 1, double initial = 0.25, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        _initial = initial;
        Weight = Add("weight", new Parameter(channels, dtype, decays: false));
        Weight.FillInPlace(initial);
    }

    /// <summary>w, (1,) or (channels,).</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => Weight.Count == 1 || (input.Rank > 0 && input[0] == Weight.Count)
        ? input
        : throw ShapeException.Of(Describe(), $"{Weight.Count} channels", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (Weight.Count > 1 && (input.Rank < 2 || input.Shape[1] != Weight.Count))
            throw ShapeException.Of(Describe(), $"(batch, {Weight.Count}, …)", $"input {input.Shape}");
        return Tensor.PReLU(input, Weight);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("channels", Weight.Count);
        writer.WriteNumber("initial", _initial);
    }

    private protected override void Initialize(Rng rng) => Weight.FillInPlace(_initial);
}
