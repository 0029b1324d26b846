using Glia.Layers;

namespace Glia.Training;

/// <summary>
/// A penalty on the weights that a trainer adds to the loss: on the trainable parameters whose <see cref="Parameter.Decays"/> says so, which leaves out biases
/// and normalisations. Subclass it for one of your own.
/// </summary>
public abstract class Regularizer
{
    /// <summary>The penalty of one parameter, a single number.</summary>
    public abstract Tensor Penalty(Parameter parameter);

    internal Tensor AddTo(Tensor loss, IEnumerable<Parameter> parameters) =>
        parameters.Where(p => p.Decays && p.IsTrainable).Aggregate(loss, (total, parameter) => total + Penalty(parameter));

    private protected static double RequireStrength(double strength) => strength >= 0 && double.IsFinite(strength)
        ? strength
        : throw new ArgumentOutOfRangeException(nameof(strength), strength, "The strength of a penalty must be 0 or a positive finite number.");
}
