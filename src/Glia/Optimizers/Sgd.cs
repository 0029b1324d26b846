using Glia.Kernels;

namespace Glia.Optimizers;

/// <summary>
/// Stochastic gradient descent: with g the gradient plus weightDecay·p, b = momentum·b + g (b = g at the first step), p −= α·b; with Nesterov,
/// p −= α·(g + momentum·b). Momentum goes back to Polyak (1964) and Nesterov (1983); the form is PyTorch's.
/// </summary>
public sealed class Sgd : Optimizer
{
    /// <summary>Creates the optimiser.</summary>
    /// <param name="learningRate">α; 0.01 by default.</param>
    /// <param name="momentum">How much of the previous step is kept, in [0, 1); 0 by default.</param>
    /// <param name="weightDecay">An L2 penalty added to the gradient; 0 by default.</param>
    /// <param name="nesterov">Whether to look ahead along the momentum; false by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Sgd(double learningRate = 0.01, double momentum = 0, double weightDecay = 0, bool nesterov = false)
        : base(learningRate)
    {
        if (!(momentum >= 0 && momentum < 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Momentum must be in [0, 1).");
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        if (nesterov && momentum == 0)
            throw new ArgumentException("Nesterov needs a momentum above 0.", nameof(nesterov));
        Momentum = momentum;
        WeightDecay = weightDecay;
        Nesterov = nesterov;
    }

    /// <summary>How much of the previous step is kept.</summary>
    public double Momentum { get; }

    /// <summary>The L2 penalty.</summary>
    public double WeightDecay { get; }

    /// <summary>Whether to look ahead along the momentum.</summary>
    public bool Nesterov { get; }

    /// <inheritdoc/>
    public override string Name => Momentum > 0 ? $"SGD with momentum {Momentum}" : "SGD";

    private protected override void Update(Slot slot, Tensor gradient)
    {
        // Starting from b = 0 gives b = g at the first step, as PyTorch has it.
        var velocity = Momentum > 0 ? slot.NeedState1() : null;
        var rule = new Rule(LearningRate, Momentum, WeightDecay, Nesterov);
        slot.Parameter.Device.Backend.Update(rule, slot.Parameter, gradient, velocity, null);
    }

    private readonly struct Rule(double learningRate, double momentum, double weightDecay, bool nesterov) : IUpdateRule
    {
        public void Update<T>(ref T parameter, T gradient, ref T velocity, ref T unused)
            where T : struct, IReal<T>
        {
            var g = weightDecay == 0 ? gradient : gradient + (T.Constant(weightDecay) * parameter);
            if (momentum != 0)
            {
                velocity = (T.Constant(momentum) * velocity) + g;
                g = nesterov ? g + (T.Constant(momentum) * velocity) : velocity;
            }
            parameter -= T.Constant(learningRate) * g;
        }
    }
}
