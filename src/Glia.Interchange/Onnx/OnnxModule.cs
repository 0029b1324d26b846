using Glia.Interchange.Onnx.Proto;
using Glia.Interchange.Protobuf;
using Glia.Layers;
using Glia.Replay;

namespace Glia.Interchange;

/// <summary>
/// An ONNX model as a module of Glia's. Its weights are parameters under the names that the file gives them, so that it can be trained further like any module, and saved again
/// as ONNX. Nodes run on Glia's operations, through which gradients flow.
/// <code>
/// var module = OnnxModule.Load("lenet.onnx");
/// var logits = module.Predict(images);
/// new Trainer(module, Loss.CrossEntropy, new Adam(1e-4)).Fit(train, epochs: 3);
/// module.Save("lenet-tuned.onnx");
/// </code>
/// For inference with weights that stay as they are, <see cref="OnnxPredictor"/> is faster. In training, batch normalisation goes by the batch and updates its running
/// statistics, and dropout drops.
/// </summary>
public sealed class OnnxModule : Module, IPure
{
    private readonly Graph _graph;

    /// <summary>Makes the module; the weights are copied from the model.</summary>
    /// <param name="model">The file.</param>
    /// <exception cref="OnnxException">The file needs what Glia does not have; all of it is listed.</exception>
    public OnnxModule(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.RequireSupported();
        Model = model;
        _graph = model.Graph.Copy();
        var roles = WeightRoles.Of(_graph);
        var paths = WeightModule.Divide([.. roles.Select(r => r.Name)]);
        foreach (var (name, role) in roles)
        {
            var value = _graph.Constants[name];
            var tensor = Own(paths[name], value.Tensor, role);
            _graph.Constants[name] = new Value(tensor, value.Type);
            Weights.Add(name, tensor);
        }
        GraphPasses.Prepare(_graph);
    }

    /// <summary>The file that it was made from.</summary>
    public OnnxModel Model { get; }

    internal Graph Graph => _graph;

    /// <summary>Parameters and buffers by the names of the file.</summary>
    internal Dictionary<string, Tensor> Weights { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a file and makes the module.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OnnxException">The file is damaged, or needs what Glia does not have; all of it is listed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxModule Load(string path) => new(OnnxModel.Load(path));

    /// <summary>Runs a model of one input; the result is its first output.</summary>
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        if (Model.Inputs is not [var only])
            throw new InvalidOperationException($"{Model.Source} takes {Model.Inputs.Count} inputs ({string.Join(", ", Model.Inputs.Select(i => i.Name))}). Call Run with each of them.");
        GraphRunner.Check(Model, only, input);
        return GraphRunner.Run(_graph, [input], context, Path)[0].Tensor;
    }

    /// <summary>Runs the model on named inputs, for inference; operations are recorded for gradients unless under <see cref="Gradients.NoGrad"/>.</summary>
    /// <param name="inputs">A tensor for each input of the model.</param>
    /// <returns>A tensor for each output of the model.</returns>
    /// <exception cref="ArgumentException">An input is missing, unknown, or has another type or shape than the model says.</exception>
    /// <exception cref="OnnxException">A node cannot be computed for these inputs.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        var ordered = GraphRunner.InOrder(Model, inputs);
        var outputs = GraphRunner.Run(_graph, ordered, ForwardContext.Inference, Path);
        return GraphRunner.ByName(Model, outputs);
    }

    /// <summary>
    /// Element types and shapes of the values between the nodes as they run (patterns of nodes have become one), with free sizes under their names: <c>(N, 16, 7, 7)</c>,
    /// <c>(2·N + 1,)</c>. They are found by running the model on zeros.
    /// </summary>
    /// <returns>Null when the model does not run on zeros.</returns>
    public IReadOnlyList<OnnxTensorInfo>? InferShapes() => ShapeInference.Run(_graph);

    /// <summary>Writes the model with the weights as they are now; a file of that name is replaced only when the new one is complete. All numbers go into the one file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        GatherExternal();
        foreach (var tensor in Model.Proto.Graph!.Initializers)
        {
            if (Weights.TryGetValue(tensor.Name, out var weight))
                tensor.SetRaw(TensorReader.ToRaw(weight, tensor.Type));
        }
        var writer = new ProtoWriter();
        Model.Proto.Write(writer);
        AtomicFile.Write(path, stream => stream.Write(writer.Written));
    }

    /// <summary>The file without the numbers of its weights.</summary>
    internal ModelProto WithoutWeights()
    {
        GatherExternal();
        var initializers = Model.Proto.Graph!.Initializers;
        for (var i = 0; i < initializers.Count; i++)
        {
            if (Weights.ContainsKey(initializers[i].Name))
                initializers[i] = initializers[i].Omitted();
        }
        return Model.Proto;
    }

    private void GatherExternal()
    {
        foreach (var tensor in Model.Proto.Graph!.Initializers)
        {
            if (tensor.IsExternal && !Weights.ContainsKey(tensor.Name))
                tensor.SetRaw(TensorReader.ToRaw(Model.Graph.Constants[tensor.Name].Tensor, tensor.Type));
        }
    }

    private Tensor Own(string[] path, Tensor initial, WeightRole role)
    {
        var group = path.Length == 1
            ? null
            : (Children.FirstOrDefault(c => c.Name == path[0]).Module as WeightModule ?? Add(path[0], new WeightModule())).Inside(path.AsSpan(1..^1));
        if (role == WeightRole.Buffer)
            return group is null ? AddBuffer(path[^1], initial) : group.OwnBuffer(path[^1], initial);
        // As Glia's own layers have it: matrices decay, biases and scales do not.
        var parameter = new Parameter(initial.Shape, initial.DType, decays: initial.Rank > 1);
        parameter.CopyFrom(initial);
        return group is null ? Add(path[^1], parameter) : group.Own(path[^1], parameter);
    }
}
