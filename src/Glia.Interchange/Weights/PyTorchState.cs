namespace Glia.Interchange;

/// <summary>The state of a model under PyTorch's names: what <see cref="PyTorchNames"/> does, the other way round.</summary>
internal static class PyTorchState
{
    private const string InputWeight = "weight_ih";
    private const string Forward = "forward.";
    private const string Backward = "backward.";

    /// <summary>
    /// A state that PyTorch's <c>load_state_dict</c> takes: recurrent layers have names for each level and direction and two biases, the second of which is zero (but for what
    /// a GRU multiplies by its reset gate), and batch normalisation counts its batches.
    /// </summary>
    public static SortedDictionary<string, Tensor> Of(IReadOnlyDictionary<string, Tensor> state)
    {
        var result = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        var layers = state.Keys.Where(k => k == InputWeight || k.EndsWith($".{InputWeight}", StringComparison.Ordinal)).Select(k => k[..^InputWeight.Length]).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, tensor) in state)
        {
            var last = name[(name.LastIndexOf('.') + 1)..];
            var layer = name[..^last.Length];
            if (!layers.Contains(layer))
                result.Add(name, tensor);
            else
                AddRecurrent(result, state, layer, last, tensor, PlaceOf(layer, layers));
            if (last == "running_mean")
                result.Add($"{layer}num_batches_tracked", Tensor.Scalar(0, DType.Int64));
        }
        return result;
    }

    /// <summary>What PyTorch calls the layer, and what follows the names of its weights.</summary>
    private static (string Layer, string Suffix) PlaceOf(string layer, HashSet<string> layers)
    {
        if (layer.EndsWith(Forward, StringComparison.Ordinal) && layers.Contains(layer[..^Forward.Length] + Backward))
            return (layer[..^Forward.Length], "_l0");
        if (layer.EndsWith(Backward, StringComparison.Ordinal) && layers.Contains(layer[..^Backward.Length] + Forward))
            return (layer[..^Backward.Length], "_l0_reverse");
        return (layer, "_l0");
    }

    private static void AddRecurrent(
        SortedDictionary<string, Tensor> result, IReadOnlyDictionary<string, Tensor> state, string layer, string name, Tensor tensor, (string Layer, string Suffix) place)
    {
        switch (name)
        {
            case InputWeight or "weight_hh" or "weight_hr":
                result.Add($"{place.Layer}{name}{place.Suffix}", tensor);
                break;
            case "bias":
                var reset = state.GetValueOrDefault($"{layer}bias_hh_n");
                var zeros = Tensor.Zeros(tensor.Count - (reset?.Count ?? 0), tensor.DType);
                result.Add($"{place.Layer}bias_ih{place.Suffix}", tensor);
                result.Add($"{place.Layer}bias_hh{place.Suffix}", reset is null ? zeros : Tensor.Concat(0, zeros, reset.Detach()));
                break;
            case "bias_hh_n":
                break;
            default:
                result.Add($"{place.Layer}{name}", tensor);
                break;
        }
    }
}
