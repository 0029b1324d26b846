using Glia.Layers;
using Glia.Tracing;

namespace Glia.Ops;

/// <summary>h[t] = act(W_ih·x[t] + b + W_hh·h[t − 1]).</summary>
internal sealed class SimpleRnnCell(Tensor weightIh, Tensor weightHh, Tensor? bias, ActivationFunction activation) : PlainCell
{
    public override RecurrentCall? Traced(bool isReverse) => HiddenMask is null && IsOfOnnx(activation) ? new("RNN", activation.Name, isReverse) : null;

    public override Tensor?[] Operands(Tensor x, RecurrentState state) => [x, weightIh, weightHh, state.Hidden, null, bias, null];

    public override Tensor Share(Tensor x) => Add(x.MatMul(weightIh, transposeB: true), bias);

    public override CellStep Step(Tensor share, RecurrentState state) =>
        new(new(activation.Apply(share + Product(state.Hidden, weightHh))), []);
}
