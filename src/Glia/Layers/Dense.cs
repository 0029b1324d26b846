using System.Text.Json;
using Glia.Initializers;

namespace Glia.Layers;

/// <summary>
/// A fully connected layer, y = x·Wᵀ + b, over the last axis; leading axes pass through. W is (out, in), b is (out,): out·(in + 1)
/// parameters. Initial weights are He's when a rectifier follows, else Glorot's; biases are zero.
/// </summary>
public sealed class Dense : Layer
{
    private Initializer _initializer = Initializer.GlorotUniform;

    /// <summary>Creates the layer.</summary>
    /// <param name="inFeatures">The size of the input's last axis.</param>
    /// <param name="outFeatures">The number of neurons.</param>
    /// <param name="useBias">Whether b is there; true by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Dense(int inFeatures, int outFeatures, bool useBias = true, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inFeatures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outFeatures);
        Weight = Add("weight", new Parameter((outFeatures, inFeatures), dtype));
        Bias = useBias ? Add("bias", new Parameter(outFeatures, dtype, decays: false)) : null;
        Initialize(DefaultRng.Next());
    }

    /// <summary>W, (out, in).</summary>
    public Parameter Weight { get; }

    /// <summary>b, (out,); null without a bias.</summary>
    public Parameter? Bias { get; }

    /// <summary>The size of the input's last axis.</summary>
    public int InFeatures => Weight.Shape[1];

    /// <summary>The number of neurons.</summary>
    public int OutFeatures => Weight.Shape[0];

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) =>
        input.Rank > 0 && input[-1] == InFeatures ? input.With(-1, OutFeatures) : throw WrongInput(input);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Forward(input, ActivationFunction.Identity);

    /// <summary>The layer and an activation as one operation.</summary>
    internal Tensor Forward(Tensor input, ActivationFunction activation)
    {
        if (input.Rank == 0 || input.Shape[-1] != InFeatures)
            throw WrongInput(input.Shape);
        if (Tracing.Tracer.Current is { } tracer)
            return activation.Apply(tracer.Whole(new Tracing.DenseCall(), input, Weight, Bias));
        if (input.Rank == 2)
            return activation.Dense(input, Weight, Bias);
        var rows = input.Reshape(input.Count / InFeatures, InFeatures);
        return activation.Dense(rows, Weight, Bias).Reshape(input.Shape.With(-1, OutFeatures));
    }

    internal override void FollowedBy(Activation? activation) =>
        _initializer = activation is { IsRectifier: true } ? Initializer.HeUniform : Initializer.GlorotUniform;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("units", OutFeatures);
        writer.WriteBoolean("useBias", Bias is not null);
    }

    private protected override void Initialize(Rng rng)
    {
        _initializer.Fill(Weight, rng.Split("weight"));
        Bias?.FillInPlace(0);
    }

    private ShapeException WrongInput(Shape input)
    {
        var flat = input.Rank > 1 && input.Count / Math.Max(1, input[0]) == InFeatures || input.Rank > 2;
        return ShapeException.Of(Describe(), $"last dimension {InFeatures}", $"input {input}", flat ? "Did you forget Flatten()?" : $"Give it {InFeatures} features, or make the layer with {(input.Rank > 0 ? input[-1] : 1)} inputs.");
    }
}
