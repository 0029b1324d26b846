using System.Collections;

namespace Glia.Layers;

/// <summary>
/// What every layer computed in one forward pass, in order and by name: <c>outputs["hidden"]</c>, <c>outputs["residual1.body.conv2d1"]</c> inside a block. It
/// comes from <see cref="SequentialNetwork.ForwardAll"/>, or for any module from a pass with <see cref="ForwardContext.WithOutputs"/>.
/// </summary>
public sealed class LayerOutputs : IReadOnlyList<(string Name, Tensor Output)>
{
    private readonly List<(string Name, Tensor Output)> _outputs = [];
    private readonly Dictionary<string, Tensor> _byName = new(StringComparer.Ordinal);
    private readonly bool _retainGradients;

    /// <summary>An empty list, for one forward pass.</summary>
    /// <param name="retainGradients">Whether each output keeps its gradient, for <see cref="Gradient"/>; false by default.</param>
    public LayerOutputs(bool retainGradients = false) => _retainGradients = retainGradients;

    /// <inheritdoc/>
    public int Count => _outputs.Count;

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Names => _outputs.Select(o => o.Name);

    /// <inheritdoc/>
    public (string Name, Tensor Output) this[int index] => _outputs[index];

    /// <summary>The output of one layer.</summary>
    /// <param name="name">Its name, with the names of the blocks around it in front, joined by dots. The second call of a layer is <c>name#2</c>.</param>
    /// <exception cref="ArgumentException">There is no such layer; the names that there are are listed.</exception>
    public Tensor this[string name] => _byName.TryGetValue(name, out var output)
        ? output
        : throw new ArgumentException($"There is no output of a layer '{name}'. There are: {string.Join(", ", Names)}.");

    /// <summary>∂loss/∂output of one layer, after <see cref="Tensor.Backward"/> on a loss.</summary>
    /// <param name="name">The name of the layer.</param>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    /// <exception cref="InvalidOperationException">There is no gradient: none was asked for, or Backward was not called, or the loss does not depend on the layer.</exception>
    public Tensor Gradient(string name) => this[name].Grad ?? throw new InvalidOperationException(
        _retainGradients
            ? $"The output of '{name}' has no gradient. Call Backward() on a loss that depends on it."
            : $"The output of '{name}' has no gradient, because none was asked for. Pass retainGradients: true.");

    /// <inheritdoc/>
    public IEnumerator<(string Name, Tensor Output)> GetEnumerator() => _outputs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(string name, Tensor output)
    {
        var unique = name;
        for (var call = 2; _byName.ContainsKey(unique); call++)
            unique = $"{name}#{call}";
        if (_retainGradients && output.RequiresGrad)
            output.RetainGrad();
        _byName.Add(unique, output);
        _outputs.Add((unique, output));
    }
}
