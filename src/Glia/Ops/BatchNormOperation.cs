using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>γ·(x − mean) / √(variance + ε) + β per channel of x (batch, channels, …), by the batch's own statistics.</summary>
internal sealed class BatchNormOperation(double epsilon) : FusedOperation
{
    private Tensor? _inverseStd;
    private Tensor[]? _gradients;
    private long _gradientsPass;

    public override string Name => "BatchNorm";

    /// <summary>The batch's mean per channel, and its biased variance.</summary>
    public Tensor? Mean { get; private set; }

    public Tensor? Variance { get; private set; }

    public override Shape OutputShape(Tensor[] x) => x[0].Shape;

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var (batch, channels, inner) = Axes.Split(y.Shape, 1);
        Mean = Tensor.Allocate(channels, y.DType, y.Device);
        Variance = Tensor.Allocate(channels, y.DType, y.Device);
        backend.Moments(batch, channels, inner, x[0], Mean, Variance);
        using (GradientMode.Set(recording: false))
            _inverseStd = (Variance + epsilon).Rsqrt();
        backend.Normalize(batch, channels, inner, x[0], Mean, _inverseStd, x[1], x[2], y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        if (_gradientsPass != Pass)
            (_gradients, _gradientsPass) = (AllGradients(y, dy), Pass);
        return _gradients![i];
    }

    public override Tensor Decompose(Tensor[] x)
    {
        int[] axes = [0, .. Enumerable.Range(2, x[0].Rank - 2)];
        var perChannel = Axes.PerChannel(x[0].Shape[1], x[0].Rank);
        var centered = x[0] - x[0].Mean(axes, keepDims: true);
        var variance = centered.Square().Mean(axes, keepDims: true);
        return (centered * (variance + epsilon).Rsqrt() * x[1].Reshape(perChannel)) + x[2].Reshape(perChannel);
    }

    private Tensor[] AllGradients(Tensor y, Tensor dy)
    {
        var (batch, channels, inner) = Axes.Split(y.Shape, 1);
        var dx = Tensor.Allocate(y.Shape, y.DType, y.Device);
        var dgamma = Tensor.Allocate(channels, y.DType, y.Device);
        var dbeta = Tensor.Allocate(channels, y.DType, y.Device);
        y.Device.Backend.NormalizeBackward(batch, channels, inner, Inputs[0], Mean!, _inverseStd!, Inputs[1], dy, dx, dgamma, dbeta);
        return [dx, dgamma, dbeta];
    }
}
