namespace Glia.Layers;

/// <summary>The hidden states of every recurrent layer of a pass, step by step, as nodes of the graph whose gradients can be asked for.</summary>
internal sealed class RecordedStates
{
    private readonly List<(string Name, Tensor[] States)> _layers = [];

    public IReadOnlyList<(string Name, Tensor[] States)> Layers => _layers;

    /// <summary>Adds a layer's states in the order of time; the second call of a layer is <c>name#2</c>, as in <see cref="LayerOutputs"/>.</summary>
    public void Add(string name, Tensor[] states)
    {
        var unique = name;
        for (var call = 2; _layers.Exists(l => l.Name == unique); call++)
            unique = $"{name}#{call}";
        _layers.Add((unique, states));
    }
}
