using System.Numerics.Tensors;
using Glia.Data;
using Glia.Diagnostics;
using Glia.Layers;

namespace Glia.Training;

/// <summary>
/// Sees to it that a NaN or an infinity never reaches the parameters: gradients are looked at before they are used, and numbers that a forward pass
/// changes itself, such as running means and kept states, are given back as they were before the batch.
/// </summary>
internal sealed class FiniteGuard
{
    private readonly Module _model;
    private readonly Loss _loss;
    private readonly Tensor[] _buffers;
    private readonly Tensor[] _before;
    private readonly RecurrentLayer[] _stateful;
    private readonly RecurrentState?[] _states;

    public FiniteGuard(Module model, Loss loss)
    {
        (_model, _loss) = (model, loss);
        _buffers = [.. model.StateDict().Values.Where(t => t is not Parameter)];
        _before = Array.ConvertAll(_buffers, b => b.Clone());
        _stateful = StatefulLayers.Of(model);
        _states = new RecurrentState?[_stateful.Length];
    }

    public void BeforeBatch()
    {
        for (var i = 0; i < _buffers.Length; i++)
            _before[i].CopyFrom(_buffers[i]);
        for (var i = 0; i < _stateful.Length; i++)
            _states[i] = _stateful[i].KeptState;
    }

    public static bool AreFinite(IReadOnlyList<Parameter> parameters)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Grad is { } gradient && !IsFinite(gradient))
                return false;
        }
        return true;
    }

    /// <summary>Puts the model back to where it was before the batch, and finds out which layer and operation are at fault.</summary>
    public TrainingDivergedException Failure(double loss, Batch batch, ForwardContext context, TrainingState state)
    {
        Restore();
        var origin = NonFiniteOrigin.Find(_model, _loss, batch, context);
        Restore();
        _model.ZeroGrad();
        return double.IsFinite(loss)
            ? new("gradient", origin?.Value ?? double.NaN, state.Epoch + 1, state.Step + 1, state.Optimizer.LearningRate, origin)
            : new("loss", loss, state.Epoch + 1, state.Step + 1, state.Optimizer.LearningRate, origin);
    }

    private void Restore()
    {
        for (var i = 0; i < _buffers.Length; i++)
            _buffers[i].CopyFrom(_before[i]);
        for (var i = 0; i < _stateful.Length; i++)
            _stateful[i].KeptState = _states[i];
    }

    private static bool IsFinite(Tensor tensor) => tensor.DType == DType.Float64
        ? TensorPrimitives.IsFiniteAll(tensor.AsSpan<double>())
        : TensorPrimitives.IsFiniteAll(tensor.AsSpan<float>());
}
