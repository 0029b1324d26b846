using System.Runtime.CompilerServices;
using Glia.Kernels;

namespace Glia.Optimizers;

/// <summary>
/// Adagrad (Duchi et al. 2011): s += g², p −= α / (1 + (t − 1)·rateDecay) · g / (√s + ε): parameters with rare gradients take larger steps.
/// </summary>
public sealed class Adagrad : Optimizer
{
    /// <summary>Creates the optimiser.</summary>
    /// <param name="learningRate">α; 0.01 by default.</param>
    /// <param name="rateDecay">How fast α falls with the steps; 0 by default.</param>
    /// <param name="epsilon">ε, which keeps the division finite; 1e-10 by default.</param>
    /// <param name="weightDecay">An L2 penalty added to the gradient; 0 by default.</param>
    /// <param name="initialAccumulator">What s is at first; 0 by default.</param>
    /// <param name="maximize">Whether to climb instead of descend; false by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is negative or not finite.</exception>
    public Adagrad(
        double learningRate = 0.01, double rateDecay = 0, double epsilon = 1e-10, double weightDecay = 0, double initialAccumulator = 0, bool maximize = false)
        : base(learningRate, weightDecay, maximize)
    {
        RateDecay = NotNegative(rateDecay, nameof(rateDecay));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
        InitialAccumulator = NotNegative(initialAccumulator, nameof(initialAccumulator));
    }

    /// <summary>How fast α falls with the steps.</summary>
    public double RateDecay { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>What s is at first.</summary>
    public double InitialAccumulator { get; }

    /// <inheritdoc/>
    public override string Name => "Adagrad";

    private protected override IEnumerable<(string Name, double Value)> OwnSettings => [("rateDecay", RateDecay), ("epsilon", Epsilon), ("initialAccumulator", InitialAccumulator)];

    private protected override int StateCount => 1;

    private protected override double InitialState => InitialAccumulator;

    private protected override void Update(Change change) =>
        change.Apply(new Rule(change.Gradient, change.LearningRate / (1 + ((change.Step - 1) * RateDecay)), Epsilon));

    private readonly struct Rule(PenalizedGradient penalized, double stepSize, double epsilon) : IUpdateRule
    {
        public static int StateCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T sum, ref T unused2, ref T unused3)
            where T : struct, IReal<T>
        {
            var g = penalized.Of(gradient, parameter);
            sum += g * g;
            parameter -= T.Constant(stepSize) * g / (T.Sqrt(sum) + T.Constant(epsilon));
        }
    }
}
