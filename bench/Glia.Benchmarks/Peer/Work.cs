using Glia.Layers;

namespace Glia.Benchmarks.Peer;

/// <summary>The arithmetic of a network for one sample: two operations for each weight at each place where it is used.</summary>
internal static class Work
{
    public static double ForwardFlops(SequentialNetwork network) => LayerFlops(network).Sum();

    /// <summary>The first layer that has weights needs no gradient of its input.</summary>
    public static double FirstLayerFlops(SequentialNetwork network) => LayerFlops(network).First(flops => flops > 0);

    /// <summary>How many weights are read for one sample: those of a recurrent layer at every step.</summary>
    public static double WeightReads(SequentialNetwork network) =>
        network.Layers.Zip(Inputs(network), (layer, input) => (double)layer.ParameterCount * (layer is RecurrentLayer ? input[0] : 1)).Sum();

    private static IEnumerable<double> LayerFlops(SequentialNetwork network) =>
        network.Layers.Zip(Inputs(network), network.LayerShapes).Select(l => Flops(l.First, l.Second, l.Third));

    private static IEnumerable<Shape> Inputs(SequentialNetwork network) => network.LayerShapes.SkipLast(1).Prepend(network.InputShape);

    private static double BodyFlops(Layer? body) => body is SequentialNetwork network ? ForwardFlops(network) : 0;

    private static double Flops(Layer layer, Shape input, Shape output) => layer switch
    {
        Residual residual => BodyFlops(residual.Body) + BodyFlops(residual.Shortcut),
        MultiHeadAttention attention => 2.0 * input[0] * (attention.ParameterCount + (2.0 * input[0] * attention.EmbeddingSize)),
        Embedding or BatchNorm or LayerNorm => 0,
        RecurrentLayer recurrent => 2.0 * input[0] * (recurrent.WeightIh.Count + recurrent.WeightHh.Count),
        _ => 2.0 * layer.Parameters.Where(p => p.Name == "weight").Sum(p => (double)p.Count) * (output.Rank switch { 1 => 1, 2 when layer is Dense => output[0], 2 => output[1], _ => output.Count / output[0] }),
    };
}
