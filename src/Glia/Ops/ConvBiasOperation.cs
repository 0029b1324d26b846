using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;
using Glia.Layers;

namespace Glia;

/// <summary>act(conv(x, w) + b) for b (filters,): convolution, bias and activation in one operation.</summary>
internal sealed class ConvBiasOperation<TAct>(TAct activation, ActivationFunction function, ConvGeometry geometry, Shape output) : FusedOperation
    where TAct : struct, IUnaryOperation
{
    private Tensor? _dz;
    private Tensor? _dbias;
    private long _dzPass;

    public override string Name => "ConvBias";

    public override Shape OutputShape(Tensor[] x) => output;

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        backend.Convolution(geometry, x[0], x[1], y);
        var (batch, channels, inner) = Axes.Split(y.Shape, 1);
        backend.AddChannelBias(activation, batch, channels, inner, x[2], y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        if (_dzPass != Pass)
        {
            _dz = Tensor.Allocate(y.Shape, y.DType, y.Device);
            _dbias = Tensor.Allocate(y.Shape[1], y.DType, y.Device);
            _dzPass = Pass;
            var (batch, channels, inner) = Axes.Split(y.Shape, 1);
            y.Device.Backend.ChannelBiasBackward(activation, batch, channels, inner, y, dy, _dz, _dbias);
        }
        return i switch
        {
            0 => new ConvolutionOperation(ConvolutionPart.Input, geometry, Inputs[0].Shape).Apply(_dz!, Inputs[1]),
            1 => new ConvolutionOperation(ConvolutionPart.Weight, geometry, Inputs[1].Shape).Apply(Inputs[0], _dz!),
            _ => _dbias!,
        };
    }

    public override Tensor Decompose(Tensor[] x)
    {
        var z = new ConvolutionOperation(ConvolutionPart.Output, geometry, output).Apply(x[0], x[1]);
        return function.Apply(new ChannelBiasOperation().Apply(z, x[2]));
    }
}
