using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training;

/// <summary>All that training changes: parameters, buffers such as running statistics, states that layers keep, and the optimiser's memory and rate, if there is one.</summary>
internal sealed class TrainingSnapshot
{
    private readonly Module _model;
    private readonly Optimizer? _optimizer;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly (RecurrentLayer Layer, RecurrentState? State)[] _kept;
    private readonly IReadOnlyDictionary<string, Tensor>? _memory;

    public TrainingSnapshot(Module model, Optimizer? optimizer = null)
    {
        (_model, _optimizer) = (model, optimizer);
        _weights = model.StateDict().ToDictionary(p => p.Key, p => p.Value.Clone(), StringComparer.Ordinal);
        _kept = [.. StatefulLayers.Of(model).Select(layer => (layer, layer.KeptState))];
        _memory = optimizer?.StateDict();
    }

    /// <summary>The values that a parameter or buffer had.</summary>
    public Tensor this[string name] => _weights[name];

    /// <summary>Puts everything back, to the bits; with an optimiser, gradients are forgotten.</summary>
    public void Restore()
    {
        _model.LoadStateDict(_weights);
        foreach (var (layer, state) in _kept)
            layer.KeptState = state;
        if (_optimizer is null)
            return;
        _optimizer.LoadStateDict(_memory!);
        _model.ZeroGrad();
    }
}
