using Glia.Layers;
using Glia.Tracing;

namespace Glia.Ops;

/// <summary>r, z = σ(W_ih·x[t] + b + W_hh·h[t − 1]), n = tanh(W_ih·x[t] + b + r·(W_hh·h[t − 1] + b_n)), h[t] = (1 − z)·n + z·h[t − 1].</summary>
internal sealed class GruCell(Tensor weightIh, Tensor weightHh, Tensor? bias, Tensor? biasHhN) : PlainCell
{
    public override RecurrentCall? Traced(bool isReverse) => HiddenMask is null ? new("GRU", "Tanh", isReverse) : null;

    public override Tensor?[] Operands(Tensor x, RecurrentState state) => [x, weightIh, weightHh, state.Hidden, null, bias, biasHhN];

    public override Tensor Share(Tensor x) => Add(x.MatMul(weightIh, transposeB: true), bias);

    public override CellStep Step(Tensor share, RecurrentState state)
    {
        var size = state.Hidden.Shape[1];
        var product = Product(state.Hidden, weightHh);
        Tensor Block(Tensor x, int gate) => x.Slice(1, gate * size, size);
        var r = (Block(share, 0) + Block(product, 0)).Sigmoid();
        var z = (Block(share, 1) + Block(product, 1)).Sigmoid();
        var n = (Block(share, 2) + (r * Add(Block(product, 2), biasHhN))).Tanh();
        return new(new(((1 - z) * n) + (z * state.Hidden)), [r, z, n]);
    }
}
