namespace Glia.Losses;

/// <summary>1 − cos of the angle between prediction and target, along one axis: 0 for the same direction, 2 for opposite ones.</summary>
public sealed class CosineSimilarityLoss : ElementLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="axis">The axis along which the vectors lie; the last by default.</param>
    /// <param name="epsilon">The smallest length that a vector is divided by; 1e-8 by default.</param>
    /// <param name="reduction">How the losses of the vectors become one number; their mean by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is not a positive finite number.</exception>
    public CosineSimilarityLoss(int axis = -1, double epsilon = 1e-8, LossReduction reduction = LossReduction.Mean)
        : base(reduction)
    {
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "ε must be a positive finite number.");
        Axis = axis;
        Epsilon = epsilon;
    }

    /// <summary>The axis along which the vectors lie.</summary>
    public int Axis { get; }

    /// <summary>The smallest length that a vector is divided by.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "cosine similarity loss";

    /// <summary>a·b / (max(‖a‖, ε)·max(‖b‖, ε)) along an axis, which the result lacks; range [−1, 1].</summary>
    /// <param name="a">Vectors.</param>
    /// <param name="b">Vectors; the shapes broadcast.</param>
    /// <param name="axis">The axis along which the vectors lie; the last by default.</param>
    /// <param name="epsilon">The smallest length that a vector is divided by; 1e-8 by default.</param>
    public static Tensor Similarity(Tensor a, Tensor b, int axis = -1, double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return (Unit(a) * Unit(b)).Sum(axis);

        Tensor Unit(Tensor x) => x / x.Square().Sum([axis], keepDims: true).Clamp(minimum: epsilon * epsilon).Sqrt();
    }

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        RequireSameShape(prediction, target);
        return (1 - Similarity(prediction, target, Axis, Epsilon), null);
    }
}
