using Glia.Layers;

namespace Glia.Training;

/// <summary>strength·Σw²: pulls weights towards 0 in proportion to their size. An optimiser's weightDecay is 2·strength.</summary>
/// <param name="strength">The factor, for example 1e-4.</param>
/// <exception cref="ArgumentOutOfRangeException">The strength is negative or not finite.</exception>
public sealed class L2Regularizer(double strength) : Regularizer
{
    private readonly double _strength = RequireStrength(strength);

    /// <inheritdoc/>
    public override Tensor Penalty(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Square().Sum() * _strength;
    }

    internal override string Describe() => FormattableString.Invariant($"{base.Describe()} {_strength}");
}
