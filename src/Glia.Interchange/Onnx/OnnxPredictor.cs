using Glia.Layers;
using Glia.Replay;

namespace Glia.Interchange;

/// <summary>
/// Inference with a model whose weights stay as they are: what depends on nothing else is computed beforehand, normalisations become part of the convolutions before them, and
/// products, sums and activation functions become one operation. The work for a shape of inputs is recorded at its first use and done again after that, allocating nothing but
/// the results. Any number of threads may share one predictor.
/// <code>
/// var predictor = new OnnxPredictor(OnnxModule.Load("lenet.onnx"));
/// var logits = predictor.Predict(image);
/// </code>
/// </summary>
public sealed class OnnxPredictor
{
    private const int MaxShapes = 16;

    private readonly OnnxModel _model;
    private readonly Graph _graph;
    private readonly IdlePool<Entry> _idle = new();
    private int _recorded;
    private bool _replays = true;

    /// <summary>Makes the predictor; the module's weights are taken as they are now, later changes do not count.</summary>
    /// <param name="module">The model.</param>
    public OnnxPredictor(OnnxModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _model = module.Model;
        _graph = GraphPasses.ForInference(module.Graph);
    }

    /// <summary>The result of a model of one input: its first output, as a new tensor.</summary>
    /// <param name="input">The input.</param>
    /// <exception cref="InvalidOperationException">The model takes several inputs.</exception>
    /// <exception cref="ArgumentException">The input has another type or shape than the model says.</exception>
    /// <exception cref="OnnxException">A node cannot be computed for this input.</exception>
    public Tensor Predict(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_model.Inputs is not [var only])
            throw new InvalidOperationException($"{_model.Source} takes {_model.Inputs.Count} inputs ({string.Join(", ", _model.Inputs.Select(i => i.Name))}). Call Run with each of them.");
        GraphRunner.Check(_model, only, input);
        return Run([input])[0].Tensor;
    }

    /// <summary>Runs the model on named inputs.</summary>
    /// <param name="inputs">A tensor for each input of the model.</param>
    /// <returns>A new tensor for each output of the model.</returns>
    /// <exception cref="ArgumentException">An input is missing, unknown, or has another type or shape than the model says.</exception>
    /// <exception cref="OnnxException">A node cannot be computed for these inputs.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs) =>
        GraphRunner.ByName(_model, Run(GraphRunner.InOrder(_model, inputs)));

    private Value[] Run(Tensor[] inputs)
    {
        var entry = _idle.Rent(inputs, static (entry, inputs) => entry.Fits(inputs));
        if (entry is null)
            return RecordOrCompute(inputs);
        try
        {
            for (var i = 0; i < inputs.Length; i++)
                entry.Inputs[i].CopyFrom(inputs[i]);
            return entry.Recording.TryReplay(null) ? Array.ConvertAll(entry.Outputs, Copy) : Compute(inputs);
        }
        finally
        {
            _idle.Return(entry);
        }
    }

    private Value[] Compute(Tensor[] inputs)
    {
        using var noGradients = Gradients.NoGrad();
        using var scope = new TensorScope();
        return Array.ConvertAll(GraphRunner.Run(_graph, inputs, ForwardContext.Inference), Copy);
    }

    private Value[] RecordOrCompute(Tensor[] inputs)
    {
        if (!_replays || Interlocked.Increment(ref _recorded) > MaxShapes)
            return Compute(inputs);
        using var noGradients = Gradients.NoGrad();
        var own = Array.ConvertAll(inputs, i => i.Clone());
        Value[]? outputs = null;
        var recording = Recorder.Record(own, () => outputs = GraphRunner.Run(_graph, own, ForwardContext.Inference), out _, _graph.Constants.Values.Select(v => v.Tensor));
        var results = Array.ConvertAll(outputs!, Copy);
        if (recording is null)
            _replays = false;
        else
            _idle.Return(new Entry(own, outputs!, recording));
        return results;
    }

    private static Value Copy(Value value) => value with { Tensor = value.Tensor.Clone() };

    private sealed record Entry(Tensor[] Inputs, Value[] Outputs, Recording Recording)
    {
        public bool Fits(Tensor[] inputs)
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                if (inputs[i].Shape != Inputs[i].Shape || inputs[i].DType != Inputs[i].DType)
                    return false;
            }
            return true;
        }
    }
}
