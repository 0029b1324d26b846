namespace Glia.Layers;

/// <summary>A layer that applies a function to every element, or to every sample, and has no parameters.</summary>
public abstract class Activation : Layer
{
    private protected Activation(ActivationFunction function, bool isRectifier = false)
    {
        Function = function;
        IsRectifier = isRectifier;
    }

    /// <summary>Whether the function is ReLU or close to it, for which He's initial weights are right rather than Glorot's.</summary>
    internal bool IsRectifier { get; }

    internal ActivationFunction Function { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Function.Apply(input);
}
