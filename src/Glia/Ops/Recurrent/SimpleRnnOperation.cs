using Glia.Backends;
using Glia.Kernels;
using Glia.Layers;

namespace Glia.Ops;

/// <summary>h[t] = act(W_ih·x[t] + b + W_hh·h[t − 1]); inputs x, W_ih, W_hh, h[0] and, if there is one, b.</summary>
internal sealed class SimpleRnnOperation<TAct>(TAct activation, ActivationFunction function, RecurrentRun run) : RecurrentOperation(run)
    where TAct : struct, IUnaryOperation
{
    public override string Name => "SimpleRnn";

    protected override void Forward(Backend backend, in RecurrentSizes sizes, Tensor[] x, Tensor y, Tensor final)
    {
        backend.SimpleRnn(activation, sizes, Request.Lengths, x[0], x[1], x[2], x.Length > 4 ? x[4] : null, final, Hidden);
    }

    protected override Tensor[] Gradients(Backend backend, in RecurrentSizes sizes, Tensor? dhidden, Tensor dstate, Tensor dy)
    {
        var dz = Tensor.Allocate(Hidden.Shape, dy.DType, dy.Device);
        backend.SimpleRnnBackward(activation, sizes, Request.Lengths, Weight, Hidden, dhidden, dstate, dz);
        return [dz, dz, dstate];
    }

    protected override Tensor OwnGradient(int i, Tensor[] gradients) => i == 3 ? gradients[2] : Rows(gradients[0]).Sum(0);

    protected override PlainCell CellOf(Tensor[] x) => new SimpleRnnCell(x[1], x[2], x.Length > 4 ? x[4] : null, function);
}
