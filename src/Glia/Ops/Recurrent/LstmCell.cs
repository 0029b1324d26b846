using Glia.Layers;
using Glia.Tracing;

namespace Glia.Ops;

/// <summary>
/// i, f, o = σ(W_ih·x[t] + b + W_hh·h[t − 1]), g = tanh(…), c[t] = f·c[t − 1] + i·g, h[t] = o·act(c[t]); with peepholes, normalisation and a projection
/// where they are set.
/// </summary>
internal sealed class LstmCell(Tensor weightIh, Tensor weightHh, Tensor? bias) : PlainCell
{
    /// <summary>act; tanh by default.</summary>
    public ActivationFunction Activation { get; init; } = ActivationFunction.Of(default(TanhFormula));

    /// <summary>(hidden, cell): the hidden state is this matrix times o·act(c).</summary>
    public Tensor? Projection { get; init; }

    /// <summary>(3·cell,): what the cell adds to i and f before the step, and to o after it.</summary>
    public Tensor? Peephole { get; init; }

    /// <summary>The scales of the normalised products with the input and with the state, and scale and shift of the normalised cell.</summary>
    public (Tensor Ih, Tensor Hh, Tensor Cell, Tensor CellShift)? Norm { get; init; }

    public override RecurrentCall? Traced(bool isReverse) =>
        HiddenMask is null && Projection is null && Norm is null && IsOfOnnx(Activation) ? new("LSTM", Activation.Name, isReverse) : null;

    public override Tensor?[] Operands(Tensor x, RecurrentState state) => [x, weightIh, weightHh, state.Hidden, state.Cell, bias, Peephole];

    public override Tensor Share(Tensor x)
    {
        var share = x.MatMul(weightIh, transposeB: true);
        return Add(Norm is { } norm ? share.LayerNorm(share.Shape[-1], norm.Ih) : share, bias);
    }

    public override CellStep Step(Tensor share, RecurrentState state)
    {
        var before = state.Cell!;
        var size = before.Shape[1];
        var product = Product(state.Hidden, weightHh);
        var z = share + (Norm is { } norm ? product.LayerNorm(product.Shape[-1], norm.Hh) : product);
        Tensor Block(int gate) => z.Slice(1, gate * size, size);
        Tensor Peep(int gate, Tensor c) => Peephole is null ? Block(gate) : Block(gate) + (c * Peephole.Slice(0, (gate == 3 ? 2 : gate) * size, size));
        var i = Peep(0, before).Sigmoid();
        var f = Peep(1, before).Sigmoid();
        var g = Block(2).Tanh();
        var cell = (f * before) + (i * g);
        var o = Peep(3, cell).Sigmoid();
        var hidden = o * Activation.Apply(Norm is { } n ? cell.LayerNorm(size, n.Cell, n.CellShift) : cell);
        return new(new(Projection is null ? hidden : hidden.MatMul(Projection, transposeB: true), cell), [i, f, g, o]);
    }
}
