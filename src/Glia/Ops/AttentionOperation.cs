using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;
using Glia.Layers;

namespace Glia.Ops;

/// <summary>
/// softmax(scale·Q·Kᵀ)·V of every head as one operation on what the projections gave, (batch, time, heads·features): inputs are queries, keys and values,
/// or all three packed side by side in one; then, if there is one, a Bool mask of four axes that repeats to (batch, heads, L, S), true where attention is forbidden.
/// </summary>
internal sealed class AttentionOperation(AttentionSizes sizes) : FusedOperation
{
    private Tensor? _weights;
    private Tensor[]? _gradients;
    private long _gradientsPass;

    public override string Name => "Attention";

    public override bool MixesDTypes => true;

    internal override bool IsTracedWhole => true;

    public AttentionSizes Sizes => sizes;

    private int Operands => sizes.Packed ? 1 : 3;

    public override Shape OutputShape(Tensor[] x) => (sizes.Batch, sizes.Queries, sizes.StepY);

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var isRecorded = GradientMode.IsRecording && Array.Exists(x, t => t.RequiresGrad);
        _weights = isRecorded ? Tensor.Allocate((sizes.Batch, sizes.Heads, sizes.Queries, sizes.Keys), y.DType, y.Device) : null;
        var steps = default(MaskSteps);
        if (MaskOf(x) is { } mask && mask.Shape.BroadcastStrides((sizes.Batch, sizes.Heads, sizes.Queries, sizes.Keys)) is [var b, var h, var l, var s])
            steps = new(b, h, l, s);
        backend.Attention(sizes, x[0], Of(x, 1), Of(x, 2), MaskOf(x), steps, y, _weights);
    }

    public override Tensor? InputGradient(int i, Tensor y, Tensor dy)
    {
        if (i >= Operands)
            return null;
        if (_gradientsPass != Pass)
            (_gradients, _gradientsPass) = (AllGradients(dy), Pass);
        return _gradients![i];
    }

    public override Tensor Decompose(Tensor[] x)
    {
        var (q, k, v) = sizes.Packed ? Unpack(x[0]) : (Heads(x[0]), Heads(x[1]), Heads(x[2]));
        var mask = default(AttentionMask);
        if (MaskOf(x) is { } forbidden)
            mask = mask.And(forbidden);
        if (sizes.Causal)
            mask = mask.And(AttentionMask.Causal(sizes.Queries, sizes.Keys, x[0].Device));
        return Tensor.AttentionWeights(q, k, mask, sizes.Scale).MatMul(v).Permute(0, 2, 1, 3).Reshape(OutputShape(x));
    }

    private Tensor? MaskOf(Tensor[] x) => x.Length > Operands ? x[Operands] : null;

    private Tensor Of(Tensor[] x, int i) => sizes.Packed ? x[0] : x[i];

    private Tensor[] AllGradients(Tensor dy)
    {
        var gradients = new Tensor[Operands];
        for (var i = 0; i < gradients.Length; i++)
            gradients[i] = Tensor.Allocate(Inputs[i].Shape, dy.DType, dy.Device);
        dy.Device.Backend.AttentionBackward(
            sizes, Inputs[0], Of(Inputs, 1), Of(Inputs, 2), _weights!, dy, gradients[0], Of(gradients, 1), Of(gradients, 2));
        return gradients;
    }

    private Tensor Heads(Tensor x) => x.Reshape(x.Shape[0], x.Shape[1], sizes.Heads, x.Shape[2] / sizes.Heads).Permute(0, 2, 1, 3);

    private (Tensor Query, Tensor Key, Tensor Value) Unpack(Tensor x)
    {
        var (keys, values) = (sizes.OffsetK, sizes.OffsetV);
        return (Heads(x.Slice(2, 0, keys)), Heads(x.Slice(2, keys, keys)), Heads(x.Slice(2, values, sizes.StepY)));
    }
}
