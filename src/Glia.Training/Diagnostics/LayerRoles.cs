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
        Flatten or Dropout or SpatialDropout or GlobalPool or AvgPool => layer.GetType().Name.Contains("Max", StringComparison.Ordinal) ? LayerRole.Other : LayerRole.Passive,
        BatchNorm or LayerNorm or ChannelNorm or Normalization => LayerRole.Normalization,
        RecurrentLayer or Bidirectional or ConvLstm => LayerRole.Recurrent,
        Embedding or OneHot => LayerRole.Embedding,
        _ => LayerRole.Other,
    };

    /// <summary>The modules without modules inside, and those that have parameters of their own beside them.</summary>
    public static IEnumerable<Module> Leaves(Module module) => module.Children.Count == 0 || Of(module) != LayerRole.Other
        ? [module]
        : module.Children.SelectMany(c => Leaves(c.Module));

    /// <summary>The weights in the order of the layers, without biases and scales, which have one axis.</summary>
    public static IReadOnlyList<(string Name, Parameter Parameter)> Weights(Module model)
    {
        var names = model.StateDict().Where(p => p.Value is Parameter).ToDictionary(p => (Parameter)p.Value, p => p.Key, ReferenceEqualityComparer.Instance as IEqualityComparer<Parameter>);
        return [.. model.Parameters.Where(p => p.Rank >= 2).Select(p => (names[p], p))];
    }
}
