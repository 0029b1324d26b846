using Glia.Backends;
using Glia.Kernels;
using Glia.Layers;

namespace Glia.Ops;

/// <summary>The standard long short-term memory; inputs x, W_ih, W_hh, h[0], c[0] and, if there is one, b.</summary>
internal sealed class LstmOperation(RecurrentRun run) : RecurrentOperation(run)
{
    private Tensor _gates = null!;
    private Tensor _cells = null!;

    public override string Name => "Lstm";

    protected override void Forward(Backend backend, in RecurrentSizes sizes, Tensor[] x, Tensor y, Tensor final)
    {
        _gates = Tensor.Allocate((sizes.Batch, sizes.Steps, 4 * sizes.Hidden), y.DType, y.Device);
        _cells = Tensor.Allocate(Hidden.Shape, y.DType, y.Device);
        var cell = Request.View(RecurrentParts.Cell, y, sizes) ?? Tensor.Allocate(final.Shape, y.DType, y.Device);
        cell.CopyFrom(x[4]);
        backend.Lstm(sizes, Request.Lengths, x[0], x[1], x[2], x.Length > 5 ? x[5] : null, _gates, final, cell, Hidden, _cells);
    }

    protected override Tensor[] Gradients(Backend backend, in RecurrentSizes sizes, Tensor? dhidden, Tensor dstate, Tensor dy)
    {
        var dgates = Tensor.Allocate(_gates.Shape, dy.DType, dy.Device);
        var dcell = GradientOf(RecurrentParts.Cell, dy, sizes);
        backend.LstmBackward(sizes, Request.Lengths, Weight, _gates, _cells, Inputs[4], dhidden, dstate, dcell, dgates);
        return [dgates, dgates, dstate, dcell];
    }

    protected override Tensor OwnGradient(int i, Tensor[] gradients) => i < 5 ? gradients[i - 1] : Rows(gradients[0]).Sum(0);

    protected override RecurrentState StateOf(Tensor[] x) => new(x[3], x[4]);

    protected override PlainCell CellOf(Tensor[] x) => new LstmCell(x[1], x[2], x.Length > 5 ? x[5] : null);
}
