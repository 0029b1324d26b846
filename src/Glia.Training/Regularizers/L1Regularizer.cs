using Glia.Layers;

namespace Glia.Training;

/// <summary>strength·Σ|w|: pulls every weight towards 0 by the same amount, so that many become very small.</summary>
/// <param name="strength">The factor, for example 1e-4.</param>
/// <exception cref="ArgumentOutOfRangeException">The strength is negative or not finite.</exception>
public sealed class L1Regularizer(double strength) : Regularizer
{
    private readonly double _strength = RequireStrength(strength);

    /// <inheritdoc/>
    public override Tensor Penalty(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Abs().Sum() * _strength;
    }

    internal override string Describe() => FormattableString.Invariant($"{base.Describe()} {_strength}");
}
