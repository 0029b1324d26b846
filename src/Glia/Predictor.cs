using Glia.Layers;
using Glia.Replay;

namespace Glia;

/// <summary>
/// Inference that costs its arithmetic and little else, for a model that is trained: any number of threads may use one predictor at the same time, and once it is warm it allocates
/// nothing but the results that are asked for as new tensors.
/// <code>
/// var predictor = new Predictor(model);
/// predictor.Predict(features, logits); // spans of one sample or several
/// </code>
/// The operations for a shape of input are recorded at its first use and done again after that, to the same bits as <see cref="Module.Predict(Tensor)"/>. A model that cannot be
/// recorded is run as ever.
/// </summary>
public sealed class Predictor
{
    private const int MaxShapes = 16;

    private readonly Module _model;
    private readonly IdlePool<Entry> _idle = new();
    private readonly HashSet<Shape> _shapes = [];
    private bool _replays;

    /// <summary>Makes the predictor. Later changes of the model's parameters count at once.</summary>
    /// <param name="model">The model, on the CPU.</param>
    /// <param name="replayOwnModules">Whether modules that are not Glia's own may be recorded too, see <see cref="TrainingStep"/>; false by default.</param>
    public Predictor(Module model, bool replayOwnModules = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _replays = replayOwnModules || Purity.IsKnown(model);
    }

    /// <summary>The model's output for a batch, as a new tensor.</summary>
    /// <param name="input">The samples, (batch, …).</param>
    /// <exception cref="ShapeException">The input does not fit the model.</exception>
    public Tensor Predict(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (Rent(input.Shape.Sizes, input.DType) is not { } entry)
            return RecordOrCompute(input);
        entry.Input.CopyFrom(input);
        var output = entry.Recording.TryReplay(null) ? entry.Output.Clone() : _model.Predict(input);
        _idle.Return(entry);
        return output;
    }

    /// <summary>The model's output for one sample or several that lie one after the other, into memory of the caller.</summary>
    /// <param name="samples">Numbers of whole samples, as many as the network's <see cref="SequentialNetwork.InputShape"/> has for each.</param>
    /// <param name="results">Where the output goes: room for exactly as many results.</param>
    /// <exception cref="InvalidOperationException">The model is not a <see cref="SequentialNetwork"/>, whose shapes are known, or does not compute in Float32.</exception>
    /// <exception cref="ArgumentException">There are no whole samples, or the results have another size.</exception>
    public void Predict(ReadOnlySpan<float> samples, Span<float> results)
    {
        if (_model is not SequentialNetwork network)
            throw new InvalidOperationException($"Spans are for a SequentialNetwork, whose shapes are known, but the model is a {_model.GetType().Name}. Use Predict(Tensor).");
        var (size, resultSize) = (network.InputShape.Count, network.ResultShape.Count);
        var batch = size == 0 ? 0 : samples.Length / size;
        if (batch == 0 || samples.Length != batch * size)
            throw new ArgumentException($"Predict expects whole samples of {size} numbers {network.InputShape} but got {samples.Length}.");
        if (results.Length != batch * resultSize)
            throw new ArgumentException($"Predict expects room for {batch} × {resultSize} results but got {results.Length}.");
        Span<int> sizes = stackalloc int[network.InputShape.Rank + 1];
        sizes[0] = batch;
        network.InputShape.Sizes.CopyTo(sizes[1..]);
        if (Rent(sizes, DType.Float32) is not { } entry)
        {
            RecordOrCompute(Tensor.From(samples, new Shape(sizes))).AsSpan<float>().CopyTo(results);
            return;
        }
        samples.CopyTo(entry.Input.AsWritableSpan<float>());
        var output = entry.Recording.TryReplay(null) ? entry.Output : _model.Predict(entry.Input);
        output.AsSpan<float>().CopyTo(results);
        _idle.Return(entry);
    }

    private Entry? Rent(ReadOnlySpan<int> sizes, DType dtype) => _idle.Rent(new InputType(sizes, dtype), static (entry, type) => entry.Fits(type));

    // A thread that finds no recording of its shape idle makes another.
    private Tensor RecordOrCompute(Tensor input)
    {
        if (!_replays || !Allows(input.Shape))
            return _model.Predict(input);
        using var noGradients = Gradients.NoGrad();
        var own = input.Clone();
        Tensor? output = null;
        var recording = Recorder.Record([own], () => output = _model.Forward(own, ForwardContext.Inference), out _);
        var result = output!.Clone();
        if (recording is null)
            _replays = false;
        else
            _idle.Return(new Entry(own, output, recording));
        return result;
    }

    private bool Allows(Shape shape)
    {
        lock (_shapes)
            return _shapes.Contains(shape) || (_shapes.Count < MaxShapes && _shapes.Add(shape));
    }

    private readonly ref struct InputType(ReadOnlySpan<int> sizes, DType dtype)
    {
        public ReadOnlySpan<int> Sizes { get; } = sizes;

        public DType DType { get; } = dtype;
    }

    private sealed record Entry(Tensor Input, Tensor Output, Recording Recording)
    {
        public bool Fits(InputType type) => Input.DType == type.DType && Input.Shape.Sizes.SequenceEqual(type.Sizes);
    }
}
