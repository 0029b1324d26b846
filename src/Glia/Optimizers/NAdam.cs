using System.Runtime.CompilerServices;
using Glia.Kernels;

namespace Glia.Optimizers;

/// <summary>
/// Adam with Nesterov momentum (Dozat 2016): with μₜ = β₁(1 − ½·0.96^(t·momentumDecay)), Pₜ the product of μ₁ to μₜ, and Adam's m and v,
/// p −= α·((1 − μₜ)g / (1 − Pₜ) + μₜ₊₁m / (1 − Pₜ₊₁)) / (√(v / (1 − β₂ᵗ)) + ε).
/// </summary>
public sealed class NAdam : Optimizer
{
    /// <summary>P₀, P₁, … as far as they were needed; they fall to 0, from where on the list does not grow.</summary>
    private readonly List<double> _products = [1];

    /// <summary>Creates the optimiser.</summary>
    /// <param name="learningRate">α; 2e-3 by default.</param>
    /// <param name="beta1">How slowly the mean gradient m changes, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">How slowly the mean square v changes, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, which keeps the division finite; 1e-8 by default.</param>
    /// <param name="weightDecay">An L2 penalty added to the gradient; 0 by default.</param>
    /// <param name="momentumDecay">How fast μₜ grows to β₁; 4e-3 by default.</param>
    /// <param name="maximize">Whether to climb instead of descend; false by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public NAdam(
        double learningRate = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, double momentumDecay = 4e-3, bool maximize = false)
        : base(learningRate, weightDecay, maximize)
    {
        Beta1 = Fraction(beta1, nameof(beta1));
        Beta2 = Fraction(beta2, nameof(beta2));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
        MomentumDecay = NotNegative(momentumDecay, nameof(momentumDecay));
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>How fast μₜ grows to β₁.</summary>
    public double MomentumDecay { get; }

    /// <inheritdoc/>
    public override string Name => "NAdam";

    private protected override IEnumerable<(string Name, double Value)> OwnSettings => [("beta1", Beta1), ("beta2", Beta2), ("epsilon", Epsilon), ("momentumDecay", MomentumDecay)];

    private protected override int StateCount => 2;

    private protected override void Update(Change change)
    {
        var (now, next) = (Momentum(change.Step), Momentum(change.Step + 1));
        change.Apply(new Rule
        {
            Penalized = change.Gradient,
            Beta1 = Beta1,
            Beta2 = Beta2,
            Epsilon = Epsilon,
            GradientRate = change.LearningRate * (1 - now) / (1 - Product(change.Step)),
            MeanRate = change.LearningRate * next / (1 - (Product(change.Step) * next)),
            InverseRoot = 1 / Math.Sqrt(1 - Math.Pow(Beta2, change.Step)),
        });
    }

    private double Momentum(long step) => Beta1 * (1 - (0.5 * Math.Pow(0.96, step * MomentumDecay)));

    private double Product(long step)
    {
        while (_products.Count <= step && _products[^1] > 0)
            _products.Add(_products[^1] * Momentum(_products.Count));
        return step < _products.Count ? _products[(int)step] : 0;
    }

    private struct Rule : IUpdateRule
    {
        public static int StateCount => 2;

        public PenalizedGradient Penalized;
        public double Beta1;
        public double Beta2;
        public double Epsilon;
        public double GradientRate;
        public double MeanRate;
        public double InverseRoot;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Update<T>(ref T parameter, T gradient, ref T mean, ref T square, ref T unused3)
            where T : struct, IReal<T>
        {
            var g = Penalized.Of(gradient, parameter);
            mean = (T.Constant(Beta1) * mean) + (T.Constant(1 - Beta1) * g);
            square = (T.Constant(Beta2) * square) + (T.Constant(1 - Beta2) * g * g);
            var divisor = (T.Sqrt(square) * T.Constant(InverseRoot)) + T.Constant(Epsilon);
            parameter -= ((T.Constant(GradientRate) * g) + (T.Constant(MeanRate) * mean)) / divisor;
        }
    }
}
