using System.Runtime.CompilerServices;
using Glia.Kernels;

namespace Glia.Optimizers;

/// <summary>
/// Adam with the largest gradient instead of the mean square (Kingma and Ba 2015): m = β₁m + (1 − β₁)g, v = max(β₂v, |g| + ε),
/// p −= α / (1 − β₁ᵗ) · m / v.
/// </summary>
public sealed class Adamax : Optimizer
{
    /// <summary>Creates the optimiser.</summary>
    /// <param name="learningRate">α; 2e-3 by default.</param>
    /// <param name="beta1">How slowly the mean gradient m changes, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">How slowly the largest gradient v is forgotten, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, which keeps the division finite; 1e-8 by default.</param>
    /// <param name="weightDecay">An L2 penalty added to the gradient; 0 by default.</param>
    /// <param name="maximize">Whether to climb instead of descend; false by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Adamax(double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool maximize = false)
        : base(learningRate, weightDecay, maximize)
    {
        Beta1 = Fraction(beta1, nameof(beta1));
        Beta2 = Fraction(beta2, nameof(beta2));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "Adamax";

    private protected override IEnumerable<(string Name, double Value)> OwnSettings => [("beta1", Beta1), ("beta2", Beta2), ("epsilon", Epsilon)];

    private protected override int StateCount => 2;

    private protected override void Update(Change change) =>
        change.Apply(new Rule(change.Gradient, Beta1, Beta2, Epsilon, change.LearningRate / (1 - Math.Pow(Beta1, change.Step))));

    private readonly struct Rule(PenalizedGradient penalized, double beta1, double beta2, double epsilon, double stepSize) : IUpdateRule
    {
        public static int StateCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T mean, ref T largest, ref T unused3)
            where T : struct, IReal<T>
        {
            var g = penalized.Of(gradient, parameter);
            mean = (T.Constant(beta1) * mean) + (T.Constant(1 - beta1) * g);
            var (kept, size) = (T.Constant(beta2) * largest, T.Abs(g) + T.Constant(epsilon));
            largest = T.Select(T.Greater(kept, size), kept, size);
            parameter -= T.Constant(stepSize) * mean / largest;
        }
    }
}
