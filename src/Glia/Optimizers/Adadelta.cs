using System.Runtime.CompilerServices;
using Glia.Kernels;

namespace Glia.Optimizers;

/// <summary>
/// Adadelta (Zeiler 2012): v = ρv + (1 − ρ)g², d = √(u + ε) / √(v + ε) · g, u = ρu + (1 − ρ)d², p −= α·d: steps in the units of the
/// parameters.
/// </summary>
public sealed class Adadelta : Optimizer
{
    /// <summary>Creates the optimiser.</summary>
    /// <param name="learningRate">α; 1 by default.</param>
    /// <param name="rho">ρ, how slowly the mean squares change, in [0, 1); 0.9 by default.</param>
    /// <param name="epsilon">ε, which keeps the division finite and starts the first step; 1e-6 by default.</param>
    /// <param name="weightDecay">An L2 penalty added to the gradient; 0 by default.</param>
    /// <param name="maximize">Whether to climb instead of descend; false by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Adadelta(double learningRate = 1, double rho = 0.9, double epsilon = 1e-6, double weightDecay = 0, bool maximize = false)
        : base(learningRate, weightDecay, maximize)
    {
        Rho = Fraction(rho, nameof(rho));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
    }

    /// <summary>ρ.</summary>
    public double Rho { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "Adadelta";

    private protected override IEnumerable<(string Name, double Value)> OwnSettings => [("rho", Rho), ("epsilon", Epsilon)];

    private protected override int StateCount => 2;

    private protected override void Update(Change change) => change.Apply(new Rule(change.Gradient, change.LearningRate, Rho, Epsilon));

    private readonly struct Rule(PenalizedGradient penalized, double learningRate, double rho, double epsilon) : IUpdateRule
    {
        public static int StateCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T squaredGradient, ref T squaredStep, ref T unused3)
            where T : struct, IReal<T>
        {
            var g = penalized.Of(gradient, parameter);
            var (keep, take, tiny) = (T.Constant(rho), T.Constant(1 - rho), T.Constant(epsilon));
            squaredGradient = (keep * squaredGradient) + (take * g * g);
            var step = T.Sqrt(squaredStep + tiny) / T.Sqrt(squaredGradient + tiny) * g;
            squaredStep = (keep * squaredStep) + (take * step * step);
            parameter -= T.Constant(learningRate) * step;
        }
    }
}
