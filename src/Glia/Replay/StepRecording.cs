using Glia.Data;
using Glia.Layers;

namespace Glia.Replay;

/// <summary>A recorded forward and backward pass for batches of one shape, with the memory that belongs to it.</summary>
internal sealed class StepRecording
{
    private readonly Tensor _input;
    private readonly Tensor _target;
    private readonly Recording _recording;
    private readonly (Parameter Parameter, Tensor? Gradient)[] _gradients;
    private readonly bool[] _trainable;
    private readonly Tensor _prediction;
    private readonly Tensor _loss;
    private readonly double _weight;

    private StepRecording(Tensor input, Tensor target, Recording recording, IReadOnlyList<Parameter> parameters, (Tensor Prediction, Tensor Loss, double Weight) results)
    {
        (_input, _target, _recording) = (input, target, recording);
        (_prediction, _loss, _weight) = results;
        _gradients = [.. parameters.Select(p => (p, p.Grad))];
        _trainable = [.. parameters.Select(p => p.IsTrainable)];
    }

    public long Bytes => _recording.Bytes;

    /// <summary>Runs a step and records it; what it computed stands even when it cannot be done again.</summary>
    /// <param name="batch">The first batch.</param>
    /// <param name="parameters">All parameters of the model, without gradients.</param>
    /// <param name="compute">Forward, loss and backward for such a batch.</param>
    /// <param name="refusal">Why it cannot be done again; null when it can.</param>
    public static (StepRecording? Recording, StepGradients Results) Record(
        in Batch batch, IReadOnlyList<Parameter> parameters, Func<Tensor, Tensor, (Tensor Prediction, Tensor Loss, double Weight)> compute, out string? refusal)
    {
        var (input, target) = (batch.Input.Clone(), batch.Target.Clone());
        (Tensor Prediction, Tensor Loss, double Weight)? computed = null;
        var recording = Recorder.Record([input, target], () => computed = compute(input, target), out refusal);
        var results = computed!.Value;
        return (
            recording is null ? null : new StepRecording(input, target, recording, parameters, results),
            new StepGradients(results.Prediction, results.Loss.Item(), results.Weight));
    }

    /// <summary>Whether batches like this one, and parameters trained like now, are what was recorded.</summary>
    public bool Fits(in Batch batch)
    {
        if (batch.Input.Shape != _input.Shape || batch.Target.Shape != _target.Shape || batch.Input.DType != _input.DType || batch.Target.DType != _target.DType)
            return false;
        for (var i = 0; i < _gradients.Length; i++)
        {
            if (_gradients[i].Parameter.IsTrainable != _trainable[i])
                return false;
        }
        return true;
    }

    /// <summary>Does the step again for another batch; false, having changed nothing, when it needs other operations.</summary>
    public bool TryReplay(in Batch batch, Rng random, out StepGradients results)
    {
        _input.CopyFrom(batch.Input);
        _target.CopyFrom(batch.Target);
        if (!_recording.TryReplay(random))
        {
            results = default;
            return false;
        }
        foreach (var (parameter, gradient) in _gradients)
            parameter.RestoreGrad(gradient);
        results = new StepGradients(_prediction, _loss.Item(), _weight);
        return true;
    }
}
