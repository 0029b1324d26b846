using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// The closed set of layers that a model file can name, each with how to make it again from its settings and the shape of its input. A
/// file never holds code or type names to be loaded.
/// </summary>
internal static class LayerCatalog
{
    /// <summary>The layers by name. A new layer is added here, and every test of the layer harness runs on it.</summary>
    public static IReadOnlyDictionary<string, Func<LayerConfig, Layer>> Layers { get; } = new Dictionary<string, Func<LayerConfig, Layer>>(StringComparer.Ordinal)
    {
        [nameof(AdaptiveAvgPool1D)] = c => new AdaptiveAvgPool1D(c.Sizes("outputSize", 1)),
        [nameof(AdaptiveAvgPool2D)] = c => new AdaptiveAvgPool2D(c.Sizes("outputSize", 2)),
        [nameof(AdaptiveAvgPool3D)] = c => new AdaptiveAvgPool3D(c.Sizes("outputSize", 3)),
        [nameof(AdaptiveMaxPool1D)] = c => new AdaptiveMaxPool1D(c.Sizes("outputSize", 1)),
        [nameof(AdaptiveMaxPool2D)] = c => new AdaptiveMaxPool2D(c.Sizes("outputSize", 2)),
        [nameof(AdaptiveMaxPool3D)] = c => new AdaptiveMaxPool3D(c.Sizes("outputSize", 3)),
        [nameof(AvgPool1D)] = c => new AvgPool1D(c.Windows("poolSize", 1), c.Bool("ceilMode"), c.Bool("countIncludePad")),
        [nameof(AvgPool2D)] = c => new AvgPool2D(c.Windows("poolSize", 2), c.Bool("ceilMode"), c.Bool("countIncludePad")),
        [nameof(AvgPool3D)] = c => new AvgPool3D(c.Windows("poolSize", 3), c.Bool("ceilMode"), c.Bool("countIncludePad")),
        [nameof(BatchNorm)] = c => new BatchNorm(c.Within(c.Input[0]), c.Number("decay"), c.Number("epsilon"), c.DType),
        [nameof(Bidirectional)] = c => c.Branches("layers") is [RecurrentLayer layer]
            ? new Bidirectional(layer, c.Choice("merge", ("concat", BranchMerge.Concat), ("add", BranchMerge.Add)))
            : throw c.Wrong("layers", "one recurrent layer"),
        [nameof(Branches)] = c => new Branches(c.Choice("merge", ("concat", BranchMerge.Concat), ("add", BranchMerge.Add)), c.Branches("branches")),
        [nameof(Conv1D)] = c => new Conv1D(c.Input[0], c.Filters(1), c.Conv(1), c.DType),
        [nameof(Conv2D)] = c => new Conv2D(c.Input[0], c.Filters(2), c.Conv(2), c.DType),
        [nameof(Conv3D)] = c => new Conv3D(c.Input[0], c.Filters(3), c.Conv(3), c.DType),
        [nameof(ConvLstm1D)] = c => new ConvLstm1D(c.Input[1], c.ConvLstmFilters(1), c.Sizes("kernelSize", 1)[0], c.Bool("returnSequences"), c.Bool("useBias"), c.Bool("peepholes") ? c.Input[2] : null, c.DType),
        [nameof(ConvLstm2D)] = c => new ConvLstm2D(c.Input[1], c.ConvLstmFilters(2), c.Pair("kernelSize"), c.Bool("returnSequences"), c.Bool("useBias"), c.Bool("peepholes") ? (c.Input[2], c.Input[3]) : null, c.DType),
        [nameof(ConvTranspose1D)] = c => new ConvTranspose1D(c.Input[0], c.Filters(1), c.Conv(1), c.Sizes("outputPadding", 1), c.DType),
        [nameof(ConvTranspose2D)] = c => new ConvTranspose2D(c.Input[0], c.Filters(2), c.Conv(2), c.Sizes("outputPadding", 2), c.DType),
        [nameof(ConvTranspose3D)] = c => new ConvTranspose3D(c.Input[0], c.Filters(3), c.Conv(3), c.Sizes("outputPadding", 3), c.DType),
        [nameof(Crop2D)] = c => new Crop2D(c.Padding(2)),
        [nameof(Dense)] = c => new Dense(c.Input[-1], c.Within(c.Int("units"), c.Input[-1]), c.Bool("useBias"), c.DType),
        [nameof(DepthwiseConv2D)] = c => new DepthwiseConv2D(c.Input[0], c.Within(c.Int("depthMultiplier"), [c.Input[0], .. c.Sizes("kernelSize", 2)]), c.Conv(2), c.DType),
        [nameof(Dropout)] = c => new Dropout(c.Number("probability")),
        [nameof(ELU)] = c => new ELU(c.Number("alpha")),
        [nameof(Embedding)] = c => new Embedding(c.Within(c.Int("count"), c.Int("features")), c.Int("features"), c.OptionalInt("paddingIndex"), c.DType),
        [nameof(Flatten)] = _ => new Flatten(),
        [nameof(GELU)] = c => new GELU(c.Bool("approximate")),
        [nameof(GLU)] = _ => new GLU(),
        [nameof(GlobalAvgPool1D)] = _ => new GlobalAvgPool1D(),
        [nameof(GlobalAvgPool2D)] = _ => new GlobalAvgPool2D(),
        [nameof(GlobalAvgPool3D)] = _ => new GlobalAvgPool3D(),
        [nameof(GlobalMaxPool1D)] = _ => new GlobalMaxPool1D(),
        [nameof(GlobalMaxPool2D)] = _ => new GlobalMaxPool2D(),
        [nameof(GlobalMaxPool3D)] = _ => new GlobalMaxPool3D(),
        [nameof(GroupNorm)] = c => new GroupNorm(c.Int("groups"), c.Bool("affine") ? c.Within(c.Input[0]) : c.Input[0], c.Number("epsilon"), c.Bool("affine"), c.DType),
        [nameof(Gru)] = c => new Gru(c.Input[-1], c.Units(3), c.Recurrent(new GruOptions()), c.DType),
        [nameof(HardSigmoid)] = _ => new HardSigmoid(),
        [nameof(HardSwish)] = _ => new HardSwish(),
        [nameof(HardTanh)] = c => new HardTanh(c.Number("low"), c.Number("high")),
        [nameof(Identity)] = _ => new Identity(),
        [nameof(InstanceNorm)] = c => new InstanceNorm(c.Bool("affine") ? c.Within(c.Input[0]) : c.Input[0], c.Number("epsilon"), c.Bool("affine"), c.DType),
        [nameof(LayerNorm)] = c => new LayerNorm(c.LastAxes("axes"), c.Number("epsilon"), c.Bool("affine"), c.DType),
        [nameof(LeakyReLU)] = c => new LeakyReLU(c.Number("slope")),
        [nameof(LogSigmoid)] = _ => new LogSigmoid(),
        [nameof(LogSoftmax)] = _ => new LogSoftmax(),
        [nameof(Lstm)] = c => new Lstm(c.Input[-1], c.Units(4), c.Recurrent(new LstmOptions
        {
            Activation = c.Activation("activation"),
            ForgetBias = c.Number("forgetBias"),
            Projection = c.OptionalInt("projection") is { } size ? c.Within(size, c.Int("units")) : null,
            Peephole = c.Bool("peephole"),
            LayerNorm = c.Bool("layerNorm"),
        }), c.DType),
        [nameof(MaxPool1D)] = c => new MaxPool1D(c.Windows("poolSize", 1), c.Bool("ceilMode")),
        [nameof(MaxPool2D)] = c => new MaxPool2D(c.Windows("poolSize", 2), c.Bool("ceilMode")),
        [nameof(MaxPool3D)] = c => new MaxPool3D(c.Windows("poolSize", 3), c.Bool("ceilMode")),
        [nameof(Mish)] = _ => new Mish(),
        [nameof(MultiHeadAttention)] = c => new MultiHeadAttention(
            c.Within(c.Input[-1], c.Input[-1]), c.Int("heads"), new() { UseBias = c.Bool("useBias"), Dropout = c.Number("dropout"), Causal = c.Bool("causal") }, c.DType),
        [nameof(Normalization)] = c => Normalization.Identity(c.Repeating("shape"), c.Bool("inverse"), c.DType),
        [nameof(OneHot)] = c => new OneHot(c.Int("classes"), c.DType),
        [nameof(PositionalEmbedding)] = c => new PositionalEmbedding(c.Within(c.Int("maxLength"), c.Input[-1]), c.Input[-1], c.DType),
        [nameof(PositionalEncoding)] = _ => new PositionalEncoding(),
        [nameof(PReLU)] = c => new PReLU(c.Within(c.Int("channels")), c.Number("initial"), c.DType),
        [nameof(ReLU)] = _ => new ReLU(),
        [nameof(ReLU6)] = _ => new ReLU6(),
        [nameof(Residual)] = c => c.Branches("branches") is [{ } body, var shortcut] ? new Residual(body, shortcut) : throw c.Wrong("branches", "a body and a shortcut"),
        [nameof(SELU)] = _ => new SELU(),
        [nameof(SeparableConv2D)] = c => new SeparableConv2D(
            c.Input[0], c.Within(c.Int("filters"), c.Input[0], c.Int("depthMultiplier")), c.Within(c.Int("depthMultiplier"), [c.Input[0], .. c.Sizes("kernelSize", 2)]), c.Conv(2), c.DType),
        [nameof(SequentialNetwork)] = c => c.Network("layers"),
        [nameof(Sigmoid)] = _ => new Sigmoid(),
        [nameof(SimpleRnn)] = c => new SimpleRnn(c.Input[-1], c.Units(1), c.Recurrent(new SimpleRnnOptions
        {
            Activation = c.Activation("activation"),
            Outputs = c.OptionalInt("outputs") is { } size ? c.Within(size, c.Int("units")) : null,
            OutputActivation = c.OptionalActivation("outputActivation"),
        }), c.DType),
        [nameof(Softmax)] = _ => new Softmax(),
        [nameof(Softplus)] = _ => new Softplus(),
        [nameof(Softsign)] = _ => new Softsign(),
        [nameof(SpatialDropout)] = c => new SpatialDropout(c.Number("probability")),
        [nameof(Swish)] = _ => new Swish(),
        [nameof(Tanh)] = _ => new Tanh(),
        [nameof(TimeDistributed)] = c => new TimeDistributed(c.Layer("layer", c.Input.From(1))),
        [nameof(TransformerEncoder)] = c => new TransformerEncoder(
            c.TransformerSize(), c.Int("heads"), c.Int("feedForwardSize"), c.Within(c.Int("layers"), c.Input[-1], c.Input[-1]), TransformerOptions.Read(c), c.DType),
        [nameof(TransformerEncoderLayer)] = c => new TransformerEncoderLayer(c.TransformerSize(), c.Int("heads"), c.Int("feedForwardSize"), TransformerOptions.Read(c), c.DType),
        [nameof(UpSample2D)] = c => new UpSample2D(
            c.Pair("scale"), c.Choice("interpolation", ("nearest", Interpolation.Nearest), ("bilinear", Interpolation.Bilinear))),
        [nameof(ZeroPad2D)] = c => new ZeroPad2D(c.Padding(2)),
    };

    /// <summary>Writes a layer so that <see cref="Read"/> makes it again.</summary>
    public static void Write(Utf8JsonWriter writer, Layer layer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", layer.Name);
        writer.WriteString("kind", layer.GetType().Name);
        writer.WriteStartObject("settings");
        layer.WriteConfig(writer);
        if (layer.Parameters.Any(p => p.DType == DType.Float64))
            writer.WriteString(LayerConfig.DTypeName, nameof(DType.Float64));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Makes the layer that <see cref="Write"/> wrote, for an input of some shape.</summary>
    /// <exception cref="FormatException">The layer is unknown, or a setting is missing or wrong.</exception>
    public static Layer Read(JsonElement element, Shape input, long maxParameters) =>
        Create(element.GetProperty("kind").GetString() ?? "", element.GetProperty("settings"), input, maxParameters);

    /// <summary>Refuses a layer that no file could name, or that has one inside.</summary>
    /// <exception cref="NotSupportedException">It is not one of Glia's own.</exception>
    public static void RequireKnown(Layer layer)
    {
        if (!Layers.ContainsKey(layer.GetType().Name) || layer.GetType().Assembly != typeof(Layer).Assembly)
            throw new NotSupportedException($"The layer {layer.Describe()} cannot be saved in a model file, which names Glia's own layers only. Save its StateDict() and make the model in code.");
        foreach (var (_, child) in layer.Children)
        {
            if (child is Layer inner)
                RequireKnown(inner);
        }
    }

    /// <summary>Makes a layer from what <see cref="Layer.WriteConfig"/> wrote.</summary>
    /// <exception cref="FormatException">The layer is unknown, or a setting is missing or wrong.</exception>
    public static Layer Create(string kind, JsonElement settings, Shape input, long maxParameters = long.MaxValue)
    {
        if (!Layers.TryGetValue(kind, out var create))
            throw new FormatException($"The model holds a layer '{kind}', which this version of Glia does not know. Known layers: {string.Join(", ", Layers.Keys)}.");
        try
        {
            return create(new LayerConfig(kind, settings, input, maxParameters));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The model's layer '{kind}' cannot be made: {e.Message}", e);
        }
    }
}
