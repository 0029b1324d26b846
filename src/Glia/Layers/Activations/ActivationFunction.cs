using Glia.Kernels;
using Glia.Ops;

namespace Glia.Layers;

/// <summary>An element-wise function as an object, so that layers can hold one without being generic.</summary>
internal abstract class ActivationFunction
{
    public static ActivationFunction Identity { get; } = Of(default(IdentityOperation));

    /// <summary>The name of the formula, such as <c>Tanh</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether <see cref="Dense"/> and <see cref="Convolution"/> can run as one fused operation.</summary>
    public abstract bool IsFusable { get; }

    public abstract Tensor Apply(Tensor x);

    /// <summary>f(x·wᵀ + b) of a matrix x, in one operation.</summary>
    public abstract Tensor Dense(Tensor x, Tensor weight, Tensor? bias);

    /// <summary>f(conv(x, w) + b), in one operation.</summary>
    public abstract Tensor Convolution(in ConvGeometry geometry, Shape output, Tensor x, Tensor weight, Tensor bias);

    /// <summary>A simple recurrent layer over a whole sequence, in one operation; the inputs are those of <see cref="SimpleRnnOperation{TAct}"/>.</summary>
    public abstract Tensor SimpleRnn(RecurrentRun run, params Tensor[] inputs);

    public static ActivationFunction Of<TOp>(TOp op)
        where TOp : struct, IUnaryOperation => new ActivationFunction<TOp>(op);
}

internal sealed class ActivationFunction<TOp>(TOp op) : ActivationFunction
    where TOp : struct, IUnaryOperation
{
    public override string Name => UnaryOperation<TOp>.FormulaName;

    public override bool IsFusable => op is IOutputDerivative;

    public override Tensor Apply(Tensor x) => typeof(TOp) == typeof(IdentityOperation) ? x : Tensor.Apply(x, op);

    public override Tensor Dense(Tensor x, Tensor weight, Tensor? bias) => bias is null
        ? new DenseOperation<TOp>(op, this).Apply(x, weight)
        : new DenseOperation<TOp>(op, this).Apply(x, weight, bias);

    public override Tensor Convolution(in ConvGeometry geometry, Shape output, Tensor x, Tensor weight, Tensor bias) =>
        new ConvBiasOperation<TOp>(op, this, geometry, output).Apply(x, weight, bias);

    public override Tensor SimpleRnn(RecurrentRun run, params Tensor[] inputs) => new SimpleRnnOperation<TOp>(op, this, run).Apply(inputs);
}
