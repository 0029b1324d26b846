using System.Numerics.Tensors;
using Glia.Data;
using Glia.Diagnostics;
using Glia.Layers;

namespace Glia.Training;

/// <summary>
/// Sees to it that a NaN or an infinity never reaches the parameters: gradients are looked at before they are used, and numbers that a forward pass
/// changes itself, such as running means, are given back as they were before the batch.
/// </summary>
internal sealed class FiniteGuard
{
    private readonly Module _model;
    private readonly Loss _loss;
    private readonly Tensor[] _buffers;
    private readonly Tensor[] _before;

    public FiniteGuard(Module model, Loss loss)
    {
        (_model, _loss) = (model, loss);
        _buffers = [.. model.StateDict().Values.Where(t => t is not Parameter)];
        _before = Array.ConvertAll(_buffers, b => b.Clone());
    }

    public void BeforeBatch()
    {
        for (var i = 0; i < _buffers.Length; i++)
            _before[i].CopyFrom(_buffers[i]);
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
    }

    private static bool IsFinite(Tensor tensor) => tensor.DType == DType.Float64
        ? TensorPrimitives.IsFiniteAll(tensor.AsSpan<double>())
        : TensorPrimitives.IsFiniteAll(tensor.AsSpan<float>());
}
