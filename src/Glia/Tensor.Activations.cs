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

    /// <inheritdoc cref="Layers.ReLU6"/>
    public Tensor ReLU6() => Apply(this, new ReLU6Formula());

    /// <inheritdoc cref="Layers.LogSigmoid"/>
    public Tensor LogSigmoid() => Apply(this, new LogSigmoidFormula());

    /// <inheritdoc cref="Layers.HardSigmoid"/>
    public Tensor HardSigmoid() => Apply(this, new HardSigmoidFormula());

    /// <inheritdoc cref="Layers.HardSwish"/>
    public Tensor HardSwish() => Apply(this, new HardSwishFormula());

    /// <inheritdoc cref="Layers.SELU"/>
    public Tensor SELU() => Apply(this, new SELUFormula());

    /// <inheritdoc cref="Layers.Mish"/>
    public Tensor Mish() => Apply(this, new MishFormula());

    /// <inheritdoc cref="Layers.Softsign"/>
    public Tensor Softsign() => Apply(this, new SoftsignFormula());

    /// <inheritdoc cref="Layers.ELU"/>
    public Tensor ELU(double alpha = 1) => Apply(this, new ELUFormula(alpha));

    /// <inheritdoc cref="Layers.GELU"/>
    public Tensor GELU(bool approximate = false) => approximate ? Apply(this, new GELUTanhFormula()) : Apply(this, new GELUFormula());

    /// <inheritdoc cref="Layers.HardTanh"/>
    public Tensor HardTanh(double low = -1, double high = 1) => Apply(this, new HardTanhFormula(low, high));

    /// <summary>x where x &gt; 0, else slope·x, with one slope for all or one per channel (axis 1); see <see cref="Layers.PReLU"/>.</summary>
    public static Tensor PReLU(Tensor x, Tensor slope)
    {
        if (Require(slope).Count > 1 && Require(x).Rank > 1)
            slope = slope.Reshape(Axes.PerChannel(slope.Count, x.Rank));
        return Where(Greater(x, Scalar(0, x.DType, x.Device)), x, x * slope);
    }

    /// <summary>a·sigmoid(b), with a and b the two halves of an axis; see <see cref="Layers.GLU"/>.</summary>
    /// <exception cref="ShapeException">The axis has an odd size.</exception>
    public Tensor GLU(int axis = -1)
    {
        var size = Shape[axis];
        if (size % 2 != 0)
            throw ShapeException.Of("GLU", $"an even size along axis {axis}", $"{Shape}");
        return Slice(axis, 0, size / 2) * Slice(axis, size / 2, size / 2).Sigmoid();
    }
}
