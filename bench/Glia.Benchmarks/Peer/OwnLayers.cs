using Glia.Layers;

namespace Glia.Benchmarks.Peer;

/// <summary>(batch, time, features) to (batch, features, time).</summary>
internal sealed class FeaturesFirst : Layer
{
    public override Shape OutputShape(Shape input) => (input[1], input[0]);

    public override Tensor Forward(Tensor input, ForwardContext context) => input.Transpose(1, 2);
}

/// <summary>The mean over time.</summary>
internal sealed class MeanOverTime : Layer
{
    public override Shape OutputShape(Shape input) => input[1];

    public override Tensor Forward(Tensor input, ForwardContext context) => input.Mean(1);
}

/// <summary>The largest over time.</summary>
internal sealed class MaxOverTime : Layer
{
    public override Shape OutputShape(Shape input) => input[0];

    public override Tensor Forward(Tensor input, ForwardContext context) => input.Max([2]);
}
