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
        [nameof(AvgPool2D)] = c => new AvgPool2D(c.Pair("poolSize"), c.Pair("stride"), c.Pair("padding"), c.Bool("ceilMode"), c.Bool("countIncludePad")),
        [nameof(BatchNorm)] = c => new BatchNorm(c.Within(c.Input[0]), c.Number("decay"), c.Number("epsilon"), c.DType),
        [nameof(Conv2D)] = c => new Conv2D(
            c.Input[0], c.Within(c.Int("filters"), c.Input[0] / Math.Max(1, c.Int("groups")), c.Pair("kernelSize").Height, c.Pair("kernelSize").Width), c.Pair("kernelSize"),
            new() { Stride = c.Pair("stride"), Padding = c.Pair("padding"), Dilation = c.Pair("dilation"), Groups = c.Int("groups"), UseBias = c.Bool("useBias") }, c.DType),
        [nameof(Dense)] = c => new Dense(c.Input[-1], c.Within(c.Int("units"), c.Input[-1]), c.Bool("useBias"), c.DType),
        [nameof(Dropout)] = c => new Dropout(c.Number("probability")),
        [nameof(ELU)] = c => new ELU(c.Number("alpha")),
        [nameof(Flatten)] = _ => new Flatten(),
        [nameof(GELU)] = c => new GELU(c.Bool("approximate")),
        [nameof(GLU)] = _ => new GLU(),
        [nameof(GlobalAvgPool2D)] = _ => new GlobalAvgPool2D(),
        [nameof(HardSigmoid)] = _ => new HardSigmoid(),
        [nameof(HardSwish)] = _ => new HardSwish(),
        [nameof(HardTanh)] = c => new HardTanh(c.Number("low"), c.Number("high")),
        [nameof(LeakyReLU)] = c => new LeakyReLU(c.Number("slope")),
        [nameof(LogSigmoid)] = _ => new LogSigmoid(),
        [nameof(LogSoftmax)] = _ => new LogSoftmax(),
        [nameof(MaxPool2D)] = c => new MaxPool2D(c.Pair("poolSize"), c.Pair("stride"), c.Pair("padding"), c.Bool("ceilMode")),
        [nameof(Mish)] = _ => new Mish(),
        [nameof(PReLU)] = c => new PReLU(c.Within(c.Int("channels")), c.Number("initial"), c.DType),
        [nameof(ReLU)] = _ => new ReLU(),
        [nameof(ReLU6)] = _ => new ReLU6(),
        [nameof(SELU)] = _ => new SELU(),
        [nameof(Sigmoid)] = _ => new Sigmoid(),
        [nameof(Softmax)] = _ => new Softmax(),
        [nameof(Softplus)] = _ => new Softplus(),
        [nameof(Softsign)] = _ => new Softsign(),
        [nameof(Swish)] = _ => new Swish(),
        [nameof(Tanh)] = _ => new Tanh(),
    };

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

/// <summary>The settings of one layer in a model file, checked as they are read.</summary>
internal readonly struct LayerConfig(string kind, JsonElement settings, Shape input, long maxParameters)
{
    public const string DTypeName = "dtype";

    public Shape Input { get; } = input;

    /// <summary>The type of the layer's parameters; Float32 where the file does not say.</summary>
    public DType DType
    {
        get
        {
            if (settings.ValueKind != JsonValueKind.Object || !settings.TryGetProperty(DTypeName, out var element))
                return DType.Float32;
            return element.ValueEquals(nameof(DType.Float64)) ? DType.Float64 : throw Wrong(DTypeName, "Float64");
        }
    }

    public int Int(string name) => IsInt(Find(name), out var value) ? value : throw Wrong(name, "a whole number");

    public double Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } element && element.TryGetDouble(out var value)
        ? value
        : throw Wrong(name, "a number");

    public bool Bool(string name) => Find(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } element ? element.GetBoolean() : throw Wrong(name, "true or false");

    public Size2D Pair(string name)
    {
        var element = Find(name);
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 2 && IsInt(element[0], out var height) && IsInt(element[1], out var width))
            return new(height, width);
        throw Wrong(name, "two whole numbers");
    }

    private static bool IsInt(JsonElement element, out int value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out value);
    }

    /// <summary>The first size, provided that the product of all is no more than the file has numbers for: nothing is allocated by a size alone.</summary>
    public int Within(int size, params ReadOnlySpan<int> others)
    {
        double count = size;
        foreach (var other in others)
            count *= other;
        return count <= maxParameters ? size : throw new FormatException($"The model's layer '{kind}' asks for {count:G3} parameters, more than its file holds.");
    }

    private JsonElement Find(string name) => settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out var element)
        ? element
        : throw new FormatException($"The model's layer '{kind}' lacks its setting '{name}'.");

    private FormatException Wrong(string name, string expected) => new($"The model's layer '{kind}' expects {expected} for '{name}'.");
}
