namespace Glia.Training.Diagnostics;

/// <summary>A model as it is before its first step.</summary>
public sealed record ModelProfile
{
    /// <summary>All parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>The innermost layers in order.</summary>
    public IReadOnlyList<LayerProfile> Layers { get; init; } = [];

    /// <summary>The size of the last axis of the output.</summary>
    public int Outputs { get; init; }

    /// <summary>The smallest number that the model gave.</summary>
    public double OutputMin { get; init; }

    /// <summary>The largest.</summary>
    public double OutputMax { get; init; }

    /// <summary>Whether every row of the output is a distribution: not negative, with sum 1.</summary>
    public bool GivesDistributions { get; init; }

    /// <summary>The loss before anything was learned; NaN when it could not be computed.</summary>
    public double InitialLoss { get; init; } = double.NaN;

    /// <summary>What is left of the loss of one batch when the model is trained on it alone, from 1 (nothing learned) to 0; null when not tried.</summary>
    public double? OneBatchLoss { get; init; }
}

/// <summary>A layer as it is before the first step.</summary>
/// <param name="Name">Its path in the model.</param>
/// <param name="Type">Its class, such as <c>Dense</c>.</param>
/// <param name="Role">What it does to the signal.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record LayerProfile(string Name, string Type, LayerRole Role, long Parameters)
{
    /// <summary>Whether it takes what the layer before it in the list gives.</summary>
    public bool IsInChain { get; init; }

    /// <summary>Parameters that are not trained.</summary>
    public long Frozen { get; init; }

    /// <summary>Whether all numbers of its weights are the same.</summary>
    public bool HasEqualWeights { get; init; }

    /// <summary>The standard deviation of its output over a batch; NaN when not seen.</summary>
    public double OutputStd { get; init; } = double.NaN;
}

/// <summary>What a layer does to the signal, as far as the doctor cares.</summary>
public enum LayerRole
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>A weighted sum: dense or convolution.</summary>
    Linear,

    /// <summary>A rectifier: ReLU or close to it.</summary>
    Rectifier,

    /// <summary>Sigmoid, tanh and their like, flat at both ends.</summary>
    Squashing,

    /// <summary>Another activation.</summary>
    Activation,

    /// <summary>Layers that neither bend the signal nor weigh it: flatten, dropout, averages, normalisation.</summary>
    Passive,

    /// <summary>Batch, layer, group and instance normalisation, and standardisation.</summary>
    Normalization,

    /// <summary>A recurrent layer.</summary>
    Recurrent,

    /// <summary>Indices become vectors.</summary>
    Embedding,
}
