using Glia.Layers;

namespace Glia.Training.Diagnostics;

/// <summary>The layers of a model and their parameters, in the order of the model.</summary>
internal static class LayerRoles
{
    public static LayerRole Of(Module layer) => layer switch
    {
        Dense or ConvLayer or ConvTransposeLayer or DepthwiseConv2D or SeparableConv2D => LayerRole.Linear,
        ReLU or ReLU6 => LayerRole.Rectifier,
        Sigmoid or Tanh or HardSigmoid or HardTanh or Softsign => LayerRole.Squashing,
        Identity => LayerRole.Passive,
        Activation or Softmax => LayerRole.Activation,
        GlobalMaxPool1D or GlobalMaxPool2D or GlobalMaxPool3D => LayerRole.Other,
        Flatten or Dropout or SpatialDropout or GlobalPool or AvgPool => LayerRole.Passive,
        BatchNorm or LayerNorm or ChannelNorm or Normalization => LayerRole.Normalization,
        RecurrentLayer or Bidirectional or ConvLstm => LayerRole.Recurrent,
        Embedding or OneHot => LayerRole.Embedding,
        _ => LayerRole.Other,
    };

    /// <summary>
    /// The modules without modules inside, and those that are one thing to the doctor, in order; and whether each follows the one before it in a chain of layers.
    /// </summary>
    public static IEnumerable<(Module Module, bool IsInChain)> Leaves(Module module, bool isInChain = true) => module.Children.Count == 0 || Of(module) != LayerRole.Other
        ? [(module, isInChain)]
        : module.Children.SelectMany(c => Leaves(c.Module, module is SequentialNetwork or TimeDistributed));

    /// <summary>The trained weights in the order of the layers, without biases and scales, which have one axis.</summary>
    public static IReadOnlyList<(string Name, Parameter Parameter)> Weights(Module model)
    {
        var names = new Dictionary<Tensor, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, tensor) in model.StateDict())
            names[tensor] = name;
        return [.. model.Parameters.Where(p => p is { Rank: >= 2, IsTrainable: true }).Select(p => (names[p], p))];
    }
}
