using Glia.Layers;

namespace Glia;

public partial class Tensor
{
    /// <inheritdoc cref="Layers.ReLU"/>
    public Tensor ReLU() => Apply(this, new ReLUFormula());

    /// <inheritdoc cref="Layers.LeakyReLU"/>
    public Tensor LeakyReLU(double slope = 0.01) => Apply(this, new LeakyReLUFormula(slope));

    /// <inheritdoc cref="Layers.Sigmoid"/>
    public Tensor Sigmoid() => Apply(this, new SigmoidFormula());

    /// <inheritdoc cref="Layers.Tanh"/>
    public Tensor Tanh() => Apply(this, new TanhFormula());

    /// <inheritdoc cref="Layers.Softplus"/>
    public Tensor Softplus() => Apply(this, new SoftplusFormula());

    /// <inheritdoc cref="Layers.Swish"/>
    public Tensor Swish() => Apply(this, new SwishFormula());
}
