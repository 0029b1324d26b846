namespace Glia.Layers;

/// <summary>One layer in a <see cref="NetworkSummary"/>.</summary>
public sealed class LayerSummary
{
    internal LayerSummary(Layer layer, Shape input, Shape output)
    {
        Name = layer.Name;
        Kind = layer.GetType().Name;
        OutputShape = output;
        ParameterCount = layer.ParameterCount;
        TrainableCount = layer.Parameters.Where(p => p.IsTrainable).Sum(p => (long)p.Count);
        DenseParameterCount = DenseCount(layer, input, output);
        Convolutions = [.. ConvolutionsOf(layer, input)];
    }

    /// <summary>The layer's name in the network.</summary>
    public string Name { get; }

    /// <summary>The name of the layer's class, such as <c>Conv2D</c>.</summary>
    public string Kind { get; }

    /// <summary>The shape of one sample after the layer.</summary>
    public Shape OutputShape { get; }

    /// <summary>The number of its parameters, trainable and fixed, with those of layers inside it.</summary>
    public long ParameterCount { get; }

    /// <summary>How many of them training changes.</summary>
    public long TrainableCount { get; }

    /// <summary>Whether training changes the parameters: "yes", "no", "in part", or nothing for a layer without any.</summary>
    public string Trainable => TrainableCount == ParameterCount
        ? ParameterCount == 0 ? "" : "yes"
        : TrainableCount == 0 ? "no" : "in part";

    /// <summary>
    /// Of a convolution: the parameters of a fully connected layer between the same shapes, one weight from every input to every output:
    /// (C_in·H_in·W_in)·(C_out·H_out·W_out), and as many biases as outputs if the convolution has any. Null of another layer.
    /// </summary>
    public long? DenseParameterCount { get; }

    /// <summary>The convolutions that the layer is or has inside, at any depth: their own parameters and those of dense layers in their place.</summary>
    internal IReadOnlyList<(long Own, long Dense)> Convolutions { get; }

    private static long? DenseCount(Layer layer, Shape input, Shape output)
    {
        var hasBias = layer switch
        {
            ConvLayer conv => conv.Bias is not null,
            SeparableConv2D separable => separable.Pointwise.Bias is not null,
            _ => (bool?)null,
        };
        return hasBias is { } bias ? Math.BigMul(input.Count, output.Count) + (bias ? output.Count : 0) : null;
    }

    private static IEnumerable<(long Own, long Dense)> ConvolutionsOf(Layer layer, Shape input) => DenseCount(layer, input, layer.OutputShape(input)) is { } dense
        ? [(layer.ParameterCount, dense)]
        : layer.Inner(input).SelectMany(inner => ConvolutionsOf(inner.Layer, inner.Input));
}
