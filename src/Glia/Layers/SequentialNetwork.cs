using System.Globalization;
using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// Layers one after the other, made with <see cref="Glia.Network.Input"/> or <see cref="Glia.Network.Sequence"/>; every shape is known and checked before anything runs.
/// </summary>
public sealed class SequentialNetwork : Layer
{
    private const string FreeTimeName = "freeTime";

    private readonly Layer[] _layers;
    private readonly Shape[] _shapes;

    internal SequentialNetwork(Shape input, IReadOnlyList<(string Name, Layer Layer)> layers, bool hasFreeTime = false)
    {
        InputShape = input;
        HasFreeTime = hasFreeTime;
        _layers = [.. layers.Select(l => Add(l.Name, l.Layer))];
        _shapes = new Shape[_layers.Length];
        for (var i = 0; i < _layers.Length; i++)
        {
            _shapes[i] = _layers[i].OutputShape(input);
            input = _shapes[i];
        }
        for (var i = 0; i < _layers.Length; i++)
            _layers[i].FollowedBy(ActivationAfter(i));
    }

    /// <summary>The shape of one sample; with <see cref="HasFreeTime"/>, of one with the usual number of steps.</summary>
    public Shape InputShape { get; }

    /// <summary>Whether the first axis of a sample is time, whose number of steps may differ from call to call; see <see cref="Glia.Network.Sequence"/>.</summary>
    public bool HasFreeTime { get; }

    /// <summary>The shape of one sample's result.</summary>
    public Shape ResultShape => _shapes.Length == 0 ? InputShape : _shapes[^1];

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>The shape of one sample after each layer.</summary>
    public IReadOnlyList<Shape> LayerShapes => _shapes;

    /// <summary>The layers with their output shapes and parameters, as a table when it is printed: <c>Console.WriteLine(model.Summary())</c>.</summary>
    public NetworkSummary Summary() => new(this);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input == InputShape ? ResultShape
        : IsOtherLength(input) ? ShapeOfOtherLength(input)
        : throw ShapeException.Of("The network", HasFreeTime ? $"samples of shape {InputShape} or with another number of steps" : $"samples of shape {InputShape}", $"{input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        RequireInput(input);
        Tracing.Tracer.Enter(this);
        for (var i = 0; i < _layers.Length; i++)
        {
            // A product or a convolution, its bias and the activation behind it run as one operation, unless what each layer does is to be seen.
            var next = !context.GathersOutputs && !Tracing.Tracer.IsOn && i + 1 < _layers.Length && _layers[i + 1] is Activation { Function: { IsFusable: true } function } ? function : null;
            if (next is not null && _layers[i] is Dense dense)
            {
                input = dense.Forward(input, next);
                i++;
            }
            else if (next is not null && _layers[i] is ConvLayer conv)
            {
                input = conv.Forward(input, next);
                i++;
            }
            else
            {
                input = context.Gather(_layers[i], _layers[i].Forward(input, context));
            }
        }
        return input;
    }

    /// <summary>
    /// The output of every layer, in order and by name, the last one being the result. Layers inside a block come before it, under their path:
    /// <c>residual1.body.conv2d1</c>.
    /// </summary>
    /// <param name="input">A batch.</param>
    /// <param name="context">Training or inference.</param>
    /// <param name="retainGradients">
    /// Whether each output keeps its gradient: after <see cref="Tensor.Backward"/> on a loss, <see cref="LayerOutputs.Gradient"/> is ∂loss/∂output of a layer,
    /// the chain rule made visible.
    /// </param>
    public LayerOutputs ForwardAll(Tensor input, ForwardContext context, bool retainGradients = false)
    {
        ArgumentNullException.ThrowIfNull(context);
        var outputs = new LayerOutputs(retainGradients);
        Forward(input, context.WithOutputs(outputs));
        return outputs;
    }

    /// <summary>Writes input shape, layers and their settings as a JSON object: all that is needed to make the network again, but its weights.</summary>
    /// <exception cref="NotSupportedException">A layer is not one of Glia's own, so that no file could name it.</exception>
    public void WriteArchitecture(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var layer in _layers)
            LayerCatalog.RequireKnown(layer);
        writer.WriteStartObject();
        writer.WriteNumber("version", 1);
        writer.WriteStartArray("input");
        foreach (var size in InputShape.Sizes)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        WriteConfig(writer);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        if (HasFreeTime)
            writer.WriteBoolean(FreeTimeName, true);
        writer.WriteStartArray("layers");
        foreach (var layer in _layers)
            LayerCatalog.Write(writer, layer);
        writer.WriteEndArray();
    }

    /// <summary>Makes a network from what <see cref="WriteArchitecture"/> wrote; its weights are initial ones until a state is loaded.</summary>
    /// <param name="architecture">The JSON object.</param>
    /// <param name="maxParameters">A layer that asks for more parameters than this is refused; a reader of files gives the number they hold.</param>
    /// <exception cref="FormatException">The description is incomplete, names an unknown layer, or its layers do not fit together.</exception>
    public static SequentialNetwork ReadArchitecture(JsonElement architecture, long maxParameters = long.MaxValue)
    {
        try
        {
            var version = WholeNumber(architecture.GetProperty("version"));
            if (version != 1)
                throw new FormatException($"The model's architecture has version {version}, but this version of Glia reads version 1. Use a newer Glia.");
            var input = new Shape([.. architecture.GetProperty("input").EnumerateArray().Select(WholeNumber)]);
            return ReadLayers(architecture, input, maxParameters);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"The model's architecture cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads what <see cref="WriteConfig"/> wrote.</summary>
    internal static SequentialNetwork ReadLayers(JsonElement settings, Shape input, long maxParameters)
    {
        const int MaxLayers = 10_000;
        var hasFreeTime = settings.TryGetProperty(FreeTimeName, out var isFree) && isFree.GetBoolean();
        if (hasFreeTime && input.Rank == 0)
            throw new FormatException("The model's time is free, but its samples have no axis for it.");
        var shape = input;
        var layers = new List<(string, Layer)>();
        foreach (var element in settings.GetProperty("layers").EnumerateArray())
        {
            if (layers.Count == MaxLayers)
                throw new FormatException($"The model has more than {MaxLayers} layers.");
            var layer = LayerCatalog.Read(element, shape, maxParameters);
            shape = layer.OutputShape(shape);
            layers.Add((element.GetProperty("name").GetString() ?? "", layer));
        }
        return new SequentialNetwork(input, layers, hasFreeTime);
    }

    internal override IEnumerable<(Layer Layer, Shape Input)> Inner(Shape input) => _layers.Select((layer, i) => (layer, i == 0 ? InputShape : _shapes[i - 1]));

    private static int WholeNumber(JsonElement element) =>
        element.TryGetInt32(out var value) ? value : throw new InvalidOperationException($"{element} is not a whole number.");

    /// <summary>The activation that a layer's output goes through, with nothing but normalisation, dropout or pooling between.</summary>
    private Activation? ActivationAfter(int index)
    {
        do
            index++;
        while (index < _layers.Length && _layers[index] is BatchNorm or LayerNorm or ChannelNorm or Dropout or SpatialDropout or Pool);
        return index < _layers.Length ? _layers[index] as Activation : null;
    }

    private bool IsOtherLength(Shape sample) =>
        HasFreeTime && sample.Rank == InputShape.Rank && sample[0] > 0 && sample[0] != InputShape[0] && sample.From(1) == InputShape.From(1);

    private Shape ShapeOfOtherLength(Shape sample)
    {
        try
        {
            return _layers.Aggregate(sample, (shape, layer) => layer.OutputShape(shape));
        }
        catch (ShapeException e)
        {
            throw new ShapeException($"The network was made for {InputShape[0]} steps and cannot take {sample[0]}: {e.Message}", e);
        }
    }

    private void RequireInput(Tensor input)
    {
        var sample = input.Rank == 0 ? Shape.Scalar : input.Shape.From(1);
        if (input.Rank > 0 && sample == InputShape)
            return;
        if (input.Rank > 0 && IsOtherLength(sample))
        {
            ShapeOfOtherLength(sample);
            return;
        }
        IEnumerable<string> sizes = InputShape.Sizes.ToArray().Select((size, axis) => HasFreeTime && axis == 0 ? "time" : size.ToString(CultureInfo.InvariantCulture));
        throw ShapeException.Of("The network", $"a batch of shape ({string.Join(", ", sizes.Prepend("batch"))})", $"{input.Shape}", input.Shape == InputShape ? "Put a batch axis in front: Reshape(1, …)." : null);
    }
}
