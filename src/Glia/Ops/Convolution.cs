using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;

namespace Glia;

/// <summary>
/// Convolution is linear in its input and in its weights: ⟨dy, conv(x, w)⟩ is one trilinear form of (x, w, dy), and its three derivatives
/// (the output, the input's gradient, the weights' gradient) are each other's gradients. Which one this is, is its <c>part</c>.
/// </summary>
internal sealed class ConvolutionOperation(ConvolutionPart part, ConvGeometry geometry, Shape output) : Operation
{
    public override string Name => "Conv";

    public override Shape OutputShape(Tensor[] x) => output;

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        switch (part)
        {
            case ConvolutionPart.Output: backend.Convolution(geometry, x[0], x[1], y); break;
            case ConvolutionPart.Input: backend.ConvolutionInputGradient(geometry, x[0], x[1], y); break;
            default: backend.ConvolutionWeightGradient(geometry, x[0], x[1], y); break;
        }
    }

    // Inputs are the other two of (input, weight, output gradient), in that order but for Input: (output gradient, weight).
    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => (part, i) switch
    {
        (ConvolutionPart.Output, 0) => Other(ConvolutionPart.Input, dy, Inputs[1], i),
        (ConvolutionPart.Output, _) => Other(ConvolutionPart.Weight, Inputs[0], dy, i),
        (ConvolutionPart.Input, 0) => Other(ConvolutionPart.Output, dy, Inputs[1], i),
        (ConvolutionPart.Input, _) => Other(ConvolutionPart.Weight, dy, Inputs[0], i),
        (_, 0) => Other(ConvolutionPart.Input, Inputs[1], dy, i),
        (_, _) => Other(ConvolutionPart.Output, Inputs[0], dy, i),
    };

    public override Tensor Tangent(Tensor y, Tensor?[] tangents)
    {
        var sum = tangents[0] is { } t0 ? Same(t0, Inputs[1]) : null;
        if (tangents[1] is { } t1)
        {
            var term = Same(Inputs[0], t1);
            sum = sum is null ? term : sum + term;
        }
        return sum!;
    }

    private Tensor Same(Tensor a, Tensor b) => new ConvolutionOperation(part, geometry, output).Apply(a, b);

    private Tensor Other(ConvolutionPart which, Tensor a, Tensor b, int input) =>
        new ConvolutionOperation(which, geometry, Inputs[input].Shape).Apply(a, b);
}

internal enum ConvolutionPart
{
    Output,
    Input,
    Weight,
}

/// <summary>A bias per channel, added along axis 1 in the memory of the convolution's result, which nobody else has seen yet.</summary>
internal sealed class ChannelBiasOperation : Operation
{
    public override string Name => "ChannelBias";

    public override Shape OutputShape(Tensor[] x) => x[0].Shape;

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var (batch, channels, inner) = Axes.Split(y.Shape, 1);
        backend.AddChannelBias(default(IdentityOperation), batch, channels, inner, x[1], y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        if (i == 0)
            return dy;
        var (batch, channels, inner) = Axes.Split(y.Shape, 1);
        return dy.Reshape(batch, channels, inner).Sum(0, 2);
    }

    public override Tensor Tangent(Tensor y, Tensor?[] tangents)
    {
        if (tangents[1] is not { } tb)
            return tangents[0]!;
        var term = tb.Reshape(Axes.PerChannel(tb.Count, y.Rank)).BroadcastTo(y.Shape);
        return tangents[0] is { } tx ? tx + term : term;
    }

    protected override Tensor Run(Device device, Tensor[] x, Shape shape)
    {
        var y = x[0].View(0, shape);
        Forward(device.Backend, x, y);
        return y;
    }
}
