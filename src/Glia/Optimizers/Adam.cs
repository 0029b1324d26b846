using Glia.Kernels;

namespace Glia.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015): m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², p −= α / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε), with g the gradient plus
/// weightDecay·p. ε is added after bias correction, as in PyTorch.
/// </summary>
public class Adam : Optimizer
{
    private readonly bool _decoupled;

    /// <summary>Creates the optimiser.</summary>
    /// <param name="learningRate">α; 1e-3 by default.</param>
    /// <param name="beta1">How slowly the mean gradient m changes, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">How slowly the mean square v changes, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, which keeps the division finite; 1e-8 by default.</param>
    /// <param name="weightDecay">An L2 penalty added to the gradient; 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Adam(double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : this(learningRate, beta1, beta2, epsilon, weightDecay, decoupled: false)
    {
    }

    private protected Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool decoupled)
        : base(learningRate)
    {
        if (!(beta1 >= 0 && beta1 < 1))
            throw new ArgumentOutOfRangeException(nameof(beta1), beta1, "β₁ must be in [0, 1).");
        if (!(beta2 >= 0 && beta2 < 1))
            throw new ArgumentOutOfRangeException(nameof(beta2), beta2, "β₂ must be in [0, 1).");
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
        WeightDecay = weightDecay;
        _decoupled = decoupled;
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>The weight decay.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    public override string Name => "Adam";

    private protected override void Update(Slot slot, Tensor gradient)
    {
        var correction1 = 1 - Math.Pow(Beta1, StepCount);
        var correction2 = Math.Sqrt(1 - Math.Pow(Beta2, StepCount));
        var decay = !_decoupled || slot.Decays ? WeightDecay : 0;
        var rule = new Rule
        {
            Beta1 = Beta1,
            Beta2 = Beta2,
            Epsilon = Epsilon,
            StepSize = LearningRate / correction1,
            InverseRoot = 1 / correction2,
            Penalty = _decoupled ? 0 : decay,
            Shrink = _decoupled ? 1 - (LearningRate * decay) : 1,
        };
        slot.Parameter.Device.Backend.Update(rule, slot.Parameter, gradient, slot.NeedState1(), slot.NeedState2());
    }

    private struct Rule : IUpdateRule
    {
        public double Beta1;
        public double Beta2;
        public double Epsilon;
        public double StepSize;
        public double InverseRoot;
        public double Penalty;
        public double Shrink;

        public readonly void Update<T>(ref T parameter, T gradient, ref T mean, ref T square)
            where T : struct, IReal<T>
        {
            var g = Penalty == 0 ? gradient : gradient + (T.Constant(Penalty) * parameter);
            var p = Shrink == 1 ? parameter : parameter * T.Constant(Shrink);
            mean = (T.Constant(Beta1) * mean) + (T.Constant(1 - Beta1) * g);
            square = (T.Constant(Beta2) * square) + (T.Constant(1 - Beta2) * g * g);
            parameter = p - (T.Constant(StepSize) * mean / ((T.Sqrt(square) * T.Constant(InverseRoot)) + T.Constant(Epsilon)));
        }
    }
}
