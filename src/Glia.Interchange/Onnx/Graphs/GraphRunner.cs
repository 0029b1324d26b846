using Glia.Interchange.Onnx.Operators;
using Glia.Layers;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>Runs a graph on tensors that have been compared with what it declares.</summary>
internal static class GraphRunner
{
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">A tensor for each input, in order.</param>
    /// <param name="context">Training or inference.</param>
    /// <param name="path">What the random numbers of a training step depend on.</param>
    /// <param name="watch">Is told of every node and its outputs.</param>
    public static Value[] Run(Graph graph, IReadOnlyList<Tensor> inputs, ForwardContext context, string path = "", Action<Node, Value[]>? watch = null)
    {
        var execution = new Execution(graph, context, path: path);
        for (var i = 0; i < inputs.Count; i++)
        {
            var declared = graph.Inputs[i].Type;
            execution.Set(graph.Inputs[i].Name, new(inputs[i], declared == OnnxElementType.Undefined ? ElementTypes.Of(inputs[i].DType) : declared));
        }
        var outputs = execution.Run(watch);
        // Narrow floating-point types are kept as wider ones on the way, and rounded where they are seen.
        return Array.ConvertAll(outputs, o => o.Type is OnnxElementType.Float16 or OnnxElementType.BFloat16 && !o.Tensor.RequiresGrad
            ? o with { Tensor = Elementwise.Rounded(o.Tensor, o.Type) }
            : o);
    }

    public static void Check(OnnxModel model, OnnxTensorInfo info, Tensor tensor)
    {
        if (info.Type != OnnxElementType.Undefined && tensor.DType != info.Type.Storage())
            throw new ArgumentException($"{model.Source}: input '{info.Name}' expects {info.Type.Storage()} but got {tensor.DType}. Convert it with To(DType.{info.Type.Storage()}).");
        if (!info.Allows(tensor.Shape))
            throw ShapeException.Of($"{model.Source}: input '{info.Name}'", info.Shape, $"{tensor.Shape}");
        if (tensor.Device != Device.Cpu)
            throw new ArgumentException($"{model.Source}: input '{info.Name}' is on '{tensor.Device}', but ONNX models run on the CPU. Bring it there with To(Device.Cpu).");
    }

    public static Tensor[] InOrder(OnnxModel model, IReadOnlyDictionary<string, Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var names = string.Join(", ", model.Inputs);
        if (inputs.Keys.FirstOrDefault(k => !model.Inputs.Any(i => i.Name == k)) is { } unknown)
            throw new ArgumentException($"{model.Source} has no input '{unknown}'. It takes {names}.");
        var ordered = new Tensor[model.Inputs.Count];
        for (var i = 0; i < ordered.Length; i++)
        {
            var info = model.Inputs[i];
            ordered[i] = inputs.TryGetValue(info.Name, out var tensor) && tensor is not null ? tensor : throw new ArgumentException($"{model.Source}: input '{info.Name}' is missing. The model takes {names}.");
            Check(model, info, tensor);
        }
        return ordered;
    }

    public static Dictionary<string, Tensor> ByName(OnnxModel model, IReadOnlyList<Value> outputs)
    {
        var named = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (var i = 0; i < outputs.Count; i++)
            named.Add(model.Outputs[i].Name, outputs[i].Tensor);
        return named;
    }
}
