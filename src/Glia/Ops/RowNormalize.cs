using Glia.Autograd;
using Glia.Backends;
using Glia.Tracing;

namespace Glia;

/// <summary>
/// (x − mean) / √(variance + ε) of each row of a matrix, with the row's own mean and biased variance; times γ plus β, (columns,) each, if these are given.
/// </summary>
internal sealed class RowNormalizeOperation(double epsilon) : FusedOperation
{
    private Tensor? _mean;
    private Tensor? _inverseStd;
    private Tensor?[]? _gradients;
    private long _gradientsPass;

    public override string Name => "RowNormalize";

    public override Shape OutputShape(Tensor[] x) => x[0].Shape;

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        _mean = Tensor.Allocate(y.Shape[0], y.DType, y.Device);
        _inverseStd = Tensor.Allocate(y.Shape[0], y.DType, y.Device);
        backend.NormalizeRows(y.Shape[0], y.Shape[1], epsilon, x[0], x.Length > 1 ? x[1] : null, x.Length > 1 ? x[2] : null, y, _mean, _inverseStd);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        if (_gradientsPass != Pass)
            (_gradients, _gradientsPass) = (AllGradients(dy), Pass);
        return _gradients![i]!;
    }

    public override Tensor Decompose(Tensor[] x)
    {
        var centered = x[0] - x[0].Mean([1], keepDims: true);
        var y = centered * (centered.Square().Mean([1], keepDims: true) + epsilon).Rsqrt();
        return x.Length > 1 ? (y * x[1]) + x[2] : y;
    }

    private Tensor?[] AllGradients(Tensor dy)
    {
        var gradients = new Tensor?[3];
        for (var i = 0; i < Inputs.Length; i++)
            gradients[i] = Tensor.Allocate(Inputs[i].Shape, dy.DType, dy.Device);
        dy.Device.Backend.NormalizeRowsBackward(
            dy.Shape[0], dy.Shape[1], Inputs[0], Inputs.Length > 1 ? Inputs[1] : null, _mean!, _inverseStd!, dy, gradients[0]!, gradients[1], gradients[2]);
        return gradients;
    }
}

public partial class Tensor
{
    /// <summary>
    /// Layer normalisation over the last axes (Ba et al. 2016): γ·(x − mean) / √(variance + ε) + β, with mean and biased variance of each
    /// sample's own elements along those axes.
    /// </summary>
    /// <param name="normalized">The sizes of the last axes to normalise over.</param>
    /// <param name="gamma">The scale γ, of shape <paramref name="normalized"/>; none when null.</param>
    /// <param name="beta">The shift β, of shape <paramref name="normalized"/>; none when null.</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <exception cref="ShapeException">The last axes do not have those sizes.</exception>
    public Tensor LayerNorm(Shape normalized, Tensor? gamma = null, Tensor? beta = null, double epsilon = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        if (normalized.Rank == 0 || normalized.Count == 0 || Rank < normalized.Rank || Shape.From(Rank - normalized.Rank) != normalized)
            throw ShapeException.Of("LayerNorm", $"last axes of sizes {normalized}", $"{Shape}");
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new LayerNormCall(normalized.Rank, epsilon), this, gamma, beta);
        var rows = Reshape(Count / normalized.Count, normalized.Count);
        var operation = new RowNormalizeOperation(epsilon);
        if (gamma is not null && beta is not null && gamma.Shape == normalized && beta.Shape == normalized)
            return operation.Apply(rows, Flat(gamma), Flat(beta)).Reshape(Shape);
        return Affine(operation.Apply(rows).Reshape(Shape), gamma, beta);

        static Tensor Flat(Tensor x) => x.Rank == 1 ? x : x.Reshape(x.Count);
    }

    /// <summary>
    /// Group normalisation (Wu and He 2018): the channels (axis 1) are divided into groups, and each sample's group has its elements normalised to
    /// mean 0 and variance 1, then scaled by γ and shifted by β per channel. With as many groups as channels it is instance normalisation.
    /// </summary>
    /// <param name="groups">How many groups; they divide the channels.</param>
    /// <param name="gamma">The scale γ, (channels,); none when null.</param>
    /// <param name="beta">The shift β, (channels,); none when null.</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <exception cref="ShapeException">There are no channels that the groups divide.</exception>
    public Tensor GroupNorm(int groups, Tensor? gamma = null, Tensor? beta = null, double epsilon = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        if (Rank < 2 || Shape[1] % groups != 0 || Shape.From(1).Count == 0)
            throw ShapeException.Of("GroupNorm", $"(batch, channels, …) with channels that {groups} groups divide", $"{Shape}");
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new GroupNormCall(groups, epsilon), this, gamma, beta);
        var y = new RowNormalizeOperation(epsilon).Apply(Reshape(Shape[0] * groups, Shape.From(1).Count / groups)).Reshape(Shape);
        var perChannel = Axes.PerChannel(Shape[1], Rank);
        return Affine(y, gamma?.Reshape(perChannel), beta?.Reshape(perChannel));
    }

    private static Tensor Affine(Tensor x, Tensor? scale, Tensor? shift)
    {
        if (scale is not null)
            x *= scale;
        return shift is null ? x : x + shift;
    }
}
