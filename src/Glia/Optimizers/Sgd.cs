using System.Runtime.CompilerServices;
using Glia.Kernels;

namespace Glia.Optimizers;

/// <summary>
/// Stochastic gradient descent: with g the gradient plus weightDecay·p, b = momentum·b + (1 − dampening)·g (b = g at the first step), p −= α·b; with
/// Nesterov, p −= α·(g + momentum·b). Momentum goes back to Polyak (1964) and Nesterov (1983); the form is PyTorch's.
/// </summary>
public sealed class Sgd : Optimizer
{
    /// <summary>Creates the optimiser.</summary>
    /// <param name="learningRate">α; 0.01 by default.</param>
    /// <param name="momentum">How much of the previous step is kept, in [0, 1); 0 by default.</param>
    /// <param name="weightDecay">An L2 penalty added to the gradient; 0 by default.</param>
    /// <param name="nesterov">Whether to look ahead along the momentum; false by default.</param>
    /// <param name="dampening">How much of the gradient is held back from the momentum, in [0, 1]; 0 by default.</param>
    /// <param name="maximize">Whether to climb instead of descend; false by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    /// <exception cref="ArgumentException">Nesterov without momentum, or with dampening.</exception>
    public Sgd(double learningRate = 0.01, double momentum = 0, double weightDecay = 0, bool nesterov = false, double dampening = 0, bool maximize = false)
        : base(learningRate, weightDecay, maximize)
    {
        Momentum = Fraction(momentum, nameof(momentum));
        if (!(dampening >= 0 && dampening <= 1))
            throw new ArgumentOutOfRangeException(nameof(dampening), dampening, "Dampening must be in [0, 1].");
        if (nesterov && (momentum == 0 || dampening != 0))
            throw new ArgumentException("Nesterov needs a momentum above 0 and no dampening.", nameof(nesterov));
        Nesterov = nesterov;
        Dampening = dampening;
    }

    /// <summary>How much of the previous step is kept.</summary>
    public double Momentum { get; }

    /// <summary>Whether to look ahead along the momentum.</summary>
    public bool Nesterov { get; }

    /// <summary>How much of the gradient is held back from the momentum.</summary>
    public double Dampening { get; }

    /// <inheritdoc/>
    public override string Name => Momentum > 0 ? $"SGD with momentum {Momentum}" : "SGD";

    private protected override IEnumerable<(string Name, double Value)> OwnSettings => [("momentum", Momentum), ("nesterov", Nesterov ? 1 : 0), ("dampening", Dampening)];

    private protected override int StateCount => Momentum > 0 ? 1 : 0;

    // Starting from b = 0 with all of the gradient gives b = g at the first step.
    private protected override void Update(Change change) =>
        change.Apply(new Rule(change.Gradient, change.LearningRate, Momentum, change.Step == 1 ? 1 : 1 - Dampening, Nesterov));

    private readonly struct Rule(PenalizedGradient penalized, double learningRate, double momentum, double inflow, bool nesterov) : IUpdateRule
    {
        public static int StateCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Update<T>(ref T parameter, T gradient, ref T velocity, ref T unused2, ref T unused3)
            where T : struct, IReal<T>
        {
            var g = penalized.Of(gradient, parameter);
            if (momentum != 0)
            {
                velocity = (T.Constant(momentum) * velocity) + (inflow == 1 ? g : T.Constant(inflow) * g);
                g = nesterov ? g + (T.Constant(momentum) * velocity) : velocity;
            }
            parameter -= T.Constant(learningRate) * g;
        }
    }
}
