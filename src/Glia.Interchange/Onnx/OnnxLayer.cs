using System.Text.Json;
using Glia.Interchange.Protobuf;
using Glia.Layers;
using Glia.Replay;

namespace Glia.Interchange;

/// <summary>
/// An ONNX model as one layer of a network, so that it is saved in a model file, stands between other layers, and is trained by the program.
/// <code>
/// var layer = new OnnxLayer(OnnxModule.Load("features.onnx"));
/// var network = Network.Input(3, 32, 32).Add(layer).ReLU().Dense(5).Build();
/// </code>
/// The model takes one batch of floating-point numbers, its first size being free; its first output is the result. In a model file the graph is a setting of the layer and the weights are
/// tensors like any other layer's, under <c>model</c>.
/// </summary>
public sealed class OnnxLayer : Layer, IPure
{
    private const string GraphName = "graph";
    private const string OutputName = "output";

    private readonly Dictionary<Shape, Shape> _shapes = [];
    private Shape? _output;

    static OnnxLayer() => Register();

    /// <summary>Makes the layer; from now on the module is its part.</summary>
    /// <param name="module">The model.</param>
    /// <exception cref="ArgumentException">The model takes several inputs, or no batches.</exception>
    public OnnxLayer(OnnxModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var model = module.Model;
        if (model.Inputs is not [{ } input])
            throw new ArgumentException($"{model.Source} takes {model.Inputs.Count} inputs ({string.Join(", ", model.Inputs.Select(i => i.Name))}), but a layer has one.");
        if (input.Sizes is [{ Size: { } size }, ..])
            throw new ArgumentException($"{model.Source}: input '{input.Name}' {input.Shape} has {size} as its first size, but a layer takes batches of any size. Export the model with a free first size.");
        if (input.Sizes is [])
            throw new ArgumentException($"{model.Source}: input '{input.Name}' is a single number, but a layer takes batches.");
        Module = Add("model", module);
    }

    /// <summary>The model.</summary>
    public OnnxModule Module { get; }

    /// <summary>Lets model files name this layer.</summary>
    internal static void Register() => LayerCatalog.Add<OnnxLayer>(Read);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        lock (_shapes)
        {
            if (!_shapes.TryGetValue(input, out var output))
                _shapes[input] = output = FindShape(input);
            _output ??= output;
            return output;
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Module.Forward(input, context);

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var proto = new ProtoWriter();
        Module.WithoutWeights().Write(proto);
        writer.WriteBase64String(GraphName, proto.Written);
        if (_output is not { } output)
            return;
        writer.WriteStartArray(OutputName);
        foreach (var size in output.Sizes)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
    }

    private static OnnxLayer Read(LayerConfig config)
    {
        try
        {
            var layer = new OnnxLayer(new OnnxModule(OnnxModel.ReadWithoutWeights(config.Bytes(GraphName), config.MaxParameters)));
            // Believed until the model runs, so that a file costs nothing but its weights before.
            layer._shapes[config.Input] = new Shape(config.Numbers(OutputName) ?? throw config.Wrong(OutputName, "whole numbers"));
            return layer;
        }
        catch (OnnxException error)
        {
            throw new FormatException(error.Message, error);
        }
    }

    /// <summary>Every operator's own shape rule serves: the model runs on a batch of zeros.</summary>
    private Shape FindShape(Shape input)
    {
        const int Batch = 2;
        var info = Module.Model.Inputs[0];
        var batch = new Shape([Batch, .. input.Sizes]);
        if (!info.Allows(batch))
            throw ShapeException.Of(Describe(), $"batches {info.Shape}", $"samples of shape {input}");
        using var noGradients = Gradients.NoGrad();
        using var scope = new TensorScope();
        Shape output;
        try
        {
            output = Module.Forward(Tensor.Zeros(batch, info.Type.Storage()), ForwardContext.Inference).Shape;
        }
        catch (OnnxException error)
        {
            throw new ShapeException($"{Describe()} cannot take samples of shape {input}: {error.Message}", error);
        }
        return output.Rank > 0 && output[0] == Batch
            ? output.From(1)
            : throw new ShapeException($"{Describe()} makes {output} of a batch {batch}, but the first size should stay the number of samples.");
    }
}
