using Glia.Backends;
using Glia.Kernels;

namespace Glia.Ops;

/// <summary>The gated recurrent unit; inputs x, W_ih, W_hh, h[0] and, if there are biases, b and the one of the reset product.</summary>
internal sealed class GruOperation(RecurrentRun run) : RecurrentOperation(run)
{
    private Tensor _gates = null!;
    private Tensor _products = null!;

    public override string Name => "Gru";

    protected override void Forward(Backend backend, in RecurrentSizes sizes, Tensor[] x, Tensor y, Tensor final)
    {
        _gates = Tensor.Allocate((sizes.Batch, sizes.Steps, 3 * sizes.Hidden), y.DType, y.Device);
        _products = Tensor.Allocate(Hidden.Shape, y.DType, y.Device);
        backend.Gru(sizes, Request.Lengths, x[0], x[1], x[2], x.Length > 4 ? x[4] : null, x.Length > 5 ? x[5] : null, _gates, _products, final, Hidden);
    }

    protected override Tensor[] Gradients(Backend backend, in RecurrentSizes sizes, Tensor? dhidden, Tensor dstate, Tensor dy)
    {
        var dgates = Tensor.Allocate(_gates.Shape, dy.DType, dy.Device);
        var dproducts = Tensor.Allocate(_gates.Shape, dy.DType, dy.Device);
        backend.GruBackward(sizes, Request.Lengths, Weight, _gates, _products, Hidden, Initial, dhidden, dstate, dgates, dproducts);
        return [dgates, dproducts, dstate];
    }

    protected override Tensor OwnGradient(int i, Tensor[] gradients) => i switch
    {
        3 => gradients[2],
        4 => Rows(gradients[0]).Sum(0),
        _ => Rows(gradients[1]).Sum(0).Slice(0, 2 * Hidden.Shape[2], Hidden.Shape[2]),
    };

    protected override PlainCell CellOf(Tensor[] x) => new GruCell(x[1], x[2], x.Length > 4 ? x[4] : null, x.Length > 5 ? x[5] : null);
}
