using System.Runtime.CompilerServices;
using Glia.Kernels;

namespace Glia.Optimizers;

/// <summary>
/// RMSprop (Tieleman and Hinton 2012): v = ρv + (1 − ρ)g², u = g / (√v + ε), p −= α·u; with momentum b = momentum·b + u, p −= α·b. Centred, the
/// square of the running mean of g is subtracted from v: the division is by the gradient's standard deviation.
/// </summary>
public sealed class RMSprop : Optimizer
{
    /// <summary>Creates the optimiser.</summary>
    /// <param name="learningRate">α; 1e-3 by default.</param>
    /// <param name="rho">ρ, how slowly the mean square changes, in [0, 1); 0.9 by default.</param>
    /// <param name="epsilon">ε, which keeps the division finite; 1e-8 by default.</param>
    /// <param name="weightDecay">An L2 penalty added to the gradient; 0 by default.</param>
    /// <param name="momentum">How much of the previous step is kept, in [0, 1); 0 by default.</param>
    /// <param name="centered">Whether to divide by the standard deviation; false by default.</param>
    /// <param name="maximize">Whether to climb instead of descend; false by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public RMSprop(
        double learningRate = 1e-3, double rho = 0.9, double epsilon = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : base(learningRate, weightDecay, maximize)
    {
        Rho = Fraction(rho, nameof(rho));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
        Momentum = Fraction(momentum, nameof(momentum));
        Centered = centered;
    }

    /// <summary>ρ.</summary>
    public double Rho { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>How much of the previous step is kept.</summary>
    public double Momentum { get; }

    /// <summary>Whether the division is by the standard deviation.</summary>
    public bool Centered { get; }

    /// <inheritdoc/>
    public override string Name => "RMSprop";

    private protected override IEnumerable<(string Name, double Value)> OwnSettings => [("rho", Rho), ("epsilon", Epsilon), ("momentum", Momentum), ("centered", Centered ? 1 : 0)];

    private protected override int StateCount => Centered ? 3 : Momentum > 0 ? 2 : 1;

    private protected override void Update(Change change) =>
        change.Apply(new Rule(change.Gradient, change.LearningRate, Rho, Epsilon, Momentum, Centered));

    private readonly struct Rule(PenalizedGradient penalized, double learningRate, double rho, double epsilon, double momentum, bool centered) : IUpdateRule
    {
        public static int StateCount => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T square, ref T velocity, ref T mean)
            where T : struct, IReal<T>
        {
            var g = penalized.Of(gradient, parameter);
            var (keep, take) = (T.Constant(rho), T.Constant(1 - rho));
            square = (keep * square) + (take * g * g);
            var variance = square;
            if (centered)
            {
                mean = (keep * mean) + (take * g);
                // Rounding may take the difference below 0 when the gradient hardly changes.
                variance = square - (mean * mean);
                variance = T.Select(T.Greater(T.Constant(0), variance), T.Constant(0), variance);
            }
            var step = g / (T.Sqrt(variance) + T.Constant(epsilon));
            if (momentum != 0)
                step = velocity = (T.Constant(momentum) * velocity) + step;
            parameter -= T.Constant(learningRate) * step;
        }
    }
}
