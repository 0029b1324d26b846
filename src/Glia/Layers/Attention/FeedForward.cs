namespace Glia.Layers;

/// <summary>linear2(dropout(f(linear1(x)))): the part of a Transformer layer that works on each step by itself.</summary>
internal sealed class FeedForward
{
    private readonly Dense _first;
    private readonly Dense _second;
    private readonly Activation _activation;
    private readonly Dropout _dropout;

    public FeedForward(Dense first, Dense second, Activation activation, Dropout dropout)
    {
        (_first, _second, _activation, _dropout) = (first, second, activation, dropout);
        first.FollowedBy(activation);
    }

    public Tensor Apply(Tensor x, ForwardContext context)
    {
        var hidden = _activation.Function.IsFusable
            ? _first.Forward(x, _activation.Function)
            : _activation.Forward(_first.Forward(x, context), context);
        return _second.Forward(_dropout.Forward(hidden, context), context);
    }
}
