using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training;

/// <summary>All that training changes: parameters, buffers such as running statistics, states that layers keep, and the optimiser's memory and rate.</summary>
internal sealed class TrainingSnapshot
{
    private readonly Module _model;
    private readonly Optimizer _optimizer;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly (RecurrentLayer Layer, RecurrentState? State)[] _kept;
    private readonly IReadOnlyDictionary<string, Tensor> _memory;

    public TrainingSnapshot(Module model, Optimizer optimizer)
    {
        (_model, _optimizer) = (model, optimizer);
        _weights = model.StateDict().ToDictionary(p => p.Key, p => p.Value.Clone(), StringComparer.Ordinal);
        _kept = [.. Stateful(model).Select(layer => (layer, layer.KeptState))];
        _memory = optimizer.StateDict();
    }

    /// <summary>Puts everything back, to the bits; gradients are forgotten.</summary>
    public void Restore()
    {
        _model.LoadStateDict(_weights);
        foreach (var (layer, state) in _kept)
            layer.KeptState = state;
        _optimizer.LoadStateDict(_memory);
        _model.ZeroGrad();
    }

    private static IEnumerable<RecurrentLayer> Stateful(Module module) =>
        module.Children.SelectMany(child => Stateful(child.Module)).Concat(module is RecurrentLayer { IsStateful: true } own ? [own] : []);
}
