namespace Glia.Interchange;

/// <summary>How weights are loaded into a model.</summary>
public sealed record WeightLoadOptions
{
    /// <summary>Which name of the file becomes which name of the model; applied after <see cref="Names"/>. None by default.</summary>
    public WeightMap? Map { get; init; }

    /// <summary>Whose names the file has; PyTorch's by default, which leaves Glia's as they are.</summary>
    public WeightNames Names { get; init; } = WeightNames.PyTorch;

    /// <summary>
    /// The part of the file to load: the tensors whose names begin with this and a dot, which is dropped. By default the only one of <see cref="WeightFile.Parts"/>, or the whole
    /// file if there are none; the empty text stands for the whole file.
    /// </summary>
    public string? Part { get; init; }

    /// <summary>Whether parameters that the file lacks keep their values; refused by default.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>Whether tensors that the model does not have are left out; refused by default.</summary>
    public bool AllowUnexpected { get; init; }

    /// <summary>Whether parameters whose shape differs keep their values; refused by default.</summary>
    public bool AllowMisshapen { get; init; }
}
