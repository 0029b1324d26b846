using Glia.Layers;

namespace Glia.Training;

/// <summary>
/// A penalty on the weights that a trainer adds to the loss: on all trainable weights, which leaves out biases and normalisations, or on chosen parameters. Subclass it
/// for one of your own.
/// </summary>
public abstract class Regularizer
{
    /// <summary>
    /// What is penalised: <c>new L2Regularizer(1e-3) { Parameters = [dense.Weight] }</c>. Null, the default, for every parameter of the model whose
    /// <see cref="Parameter.Decays"/> says so.
    /// </summary>
    public IReadOnlyCollection<Parameter>? Parameters { get; init; }

    /// <summary>The penalty of one parameter, a single number.</summary>
    public abstract Tensor Penalty(Parameter parameter);

    /// <summary>What it is, for a checkpoint to be compared with.</summary>
    internal virtual string Describe() => GetType().Name;

    internal Tensor AddTo(Tensor loss, IEnumerable<Parameter> parameters) =>
        (Parameters ?? parameters.Where(p => p.Decays)).Where(p => p.IsTrainable).Aggregate(loss, (total, parameter) => total + Penalty(parameter));

    private protected static double RequireStrength(double strength) => strength >= 0 && double.IsFinite(strength)
        ? strength
        : throw new ArgumentOutOfRangeException(nameof(strength), strength, "The strength of a penalty must be 0 or a positive finite number.");
}
