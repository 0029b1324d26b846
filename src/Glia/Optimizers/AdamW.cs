namespace Glia.Optimizers;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019): first p ← p·(1 − α·weightDecay), then Adam's step without a penalty. A
/// trainer exempts biases and the parameters of normalisations from the decay.
/// </summary>
/// <param name="learningRate">α; 1e-3 by default.</param>
/// <param name="beta1">How slowly the mean gradient changes, in [0, 1); 0.9 by default.</param>
/// <param name="beta2">How slowly the mean square changes, in [0, 1); 0.999 by default.</param>
/// <param name="epsilon">ε; 1e-8 by default.</param>
/// <param name="weightDecay">The decay; 0.01 by default.</param>
/// <param name="amsGrad">Whether to divide by the largest mean square so far; false by default.</param>
/// <param name="maximize">Whether to climb instead of descend; false by default.</param>
public sealed class AdamW(
    double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01, bool amsGrad = false, bool maximize = false)
    : Adam(learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, maximize)
{
    /// <inheritdoc/>
    public override string Name => AmsGrad ? "AdamW with AMSGrad" : "AdamW";

    private protected override bool IsDecayDecoupled => true;
}
