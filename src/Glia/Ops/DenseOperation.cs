using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;
using Glia.Layers;

namespace Glia.Ops;

/// <summary>act(x·wᵀ + b) for x (rows, in), w (out, in), b (out): product, bias and activation in one operation.</summary>
internal sealed class DenseOperation<TAct>(TAct activation, ActivationFunction function) : FusedOperation
    where TAct : struct, IUnaryOperation
{
    private Tensor? _dz;
    private long _dzPass;

    public override string Name => "Dense";

    public override Shape OutputShape(Tensor[] x) => new(x[0].Shape[0], x[1].Shape[0]);

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var (rows, outputs, inputs) = (x[0].Shape[0], x[1].Shape[0], x[0].Shape[1]);
        backend.MatMul(false, true, new(rows, outputs, inputs, 1, 0, 0), x[0], x[1], y);
        backend.AddBias(activation, rows, outputs, x.Length > 2 ? x[2] : null, y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        if (_dzPass != Pass)
            (_dz, _dzPass) = (PreActivationGradient(y, dy), Pass);
        return i switch
        {
            0 => _dz!.MatMul(Inputs[1]),
            1 => _dz!.MatMul(Inputs[0], transposeA: true),
            _ => _dz!.Sum(0),
        };
    }

    public override Tensor Decompose(Tensor[] x)
    {
        var z = x[0].MatMul(x[1], transposeB: true);
        return function.Apply(x.Length > 2 ? z + x[2] : z);
    }

    private Tensor PreActivationGradient(Tensor y, Tensor dy)
    {
        if (typeof(TAct) == typeof(IdentityOperation))
            return dy;
        var dz = Tensor.Allocate(y.Shape, y.DType, y.Device);
        y.Device.Backend.UnaryBackward(activation, y, y, dy, dz);
        return dz;
    }
}
