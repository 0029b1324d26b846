using System.Runtime.CompilerServices;
using Glia.Kernels;

namespace Glia.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015): m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², p −= α / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε), with g the gradient plus
/// weightDecay·p. ε is added after bias correction, as in PyTorch. AMSGrad (Reddi et al. 2018) divides by the largest v so far.
/// </summary>
public class Adam : Optimizer
{
    /// <summary>Creates the optimiser.</summary>
    /// <param name="learningRate">α; 1e-3 by default.</param>
    /// <param name="beta1">How slowly the mean gradient m changes, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">How slowly the mean square v changes, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, which keeps the division finite; 1e-8 by default.</param>
    /// <param name="weightDecay">An L2 penalty added to the gradient; 0 by default.</param>
    /// <param name="amsGrad">Whether to divide by the largest v so far, so that steps never grow again; false by default.</param>
    /// <param name="maximize">Whether to climb instead of descend; false by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Adam(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsGrad = false, bool maximize = false)
        : base(learningRate, weightDecay, maximize)
    {
        Beta1 = Fraction(beta1, nameof(beta1));
        Beta2 = Fraction(beta2, nameof(beta2));
        Epsilon = NotNegative(epsilon, nameof(epsilon));
        AmsGrad = amsGrad;
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>Whether the largest v so far divides.</summary>
    public bool AmsGrad { get; }

    /// <inheritdoc/>
    public override string Name => AmsGrad ? "Adam with AMSGrad" : "Adam";

    private protected override IEnumerable<(string Name, double Value)> OwnSettings => [("beta1", Beta1), ("beta2", Beta2), ("epsilon", Epsilon), ("amsGrad", AmsGrad ? 1 : 0)];

    private protected override int StateCount => AmsGrad ? 3 : 2;

    private protected override void Update(Change change)
    {
        var rule = new Rule
        {
            Penalized = change.Gradient,
            Beta1 = Beta1,
            Beta2 = Beta2,
            Epsilon = Epsilon,
            StepSize = change.LearningRate / (1 - Math.Pow(Beta1, change.Step)),
            InverseRoot = 1 / Math.Sqrt(1 - Math.Pow(Beta2, change.Step)),
            Shrink = IsDecayDecoupled ? 1 - (change.LearningRate * change.Decay) : 1,
        };
        if (AmsGrad)
            change.Apply(new AmsGradRule(rule));
        else
            change.Apply(rule);
    }

    private struct Rule : IUpdateRule
    {
        public PenalizedGradient Penalized;
        public double Beta1;
        public double Beta2;
        public double Epsilon;
        public double StepSize;
        public double InverseRoot;
        public double Shrink;

        public static int StateCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Update<T>(ref T parameter, T gradient, ref T mean, ref T square, ref T unused3)
            where T : struct, IReal<T>
        {
            Average(parameter, gradient, ref mean, ref square);
            Move(ref parameter, mean, square);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Average<T>(T parameter, T gradient, ref T mean, ref T square)
            where T : struct, IReal<T>
        {
            var g = Penalized.Of(gradient, parameter);
            mean = (T.Constant(Beta1) * mean) + (T.Constant(1 - Beta1) * g);
            square = (T.Constant(Beta2) * square) + (T.Constant(1 - Beta2) * g * g);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Move<T>(ref T parameter, T mean, T square)
            where T : struct, IReal<T>
        {
            var p = Shrink == 1 ? parameter : parameter * T.Constant(Shrink);
            parameter = p - (T.Constant(StepSize) * mean / ((T.Sqrt(square) * T.Constant(InverseRoot)) + T.Constant(Epsilon)));
        }
    }

    private readonly struct AmsGradRule(Rule adam) : IUpdateRule
    {
        public static int StateCount => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T mean, ref T square, ref T largest)
            where T : struct, IReal<T>
        {
            adam.Average(parameter, gradient, ref mean, ref square);
            largest = T.Select(T.Greater(square, largest), square, largest);
            adam.Move(ref parameter, mean, largest);
        }
    }
}
