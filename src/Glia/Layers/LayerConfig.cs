using System.Text.Json;

namespace Glia.Layers;

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
            if (!Has(DTypeName))
                return DType.Float32;
            return Find(DTypeName).ValueEquals(nameof(DType.Float64)) ? DType.Float64 : throw Wrong(DTypeName, "Float64");
        }
    }

    /// <summary>The most parameters that the layer may have.</summary>
    public long MaxParameters { get; } = maxParameters;

    public byte[] Bytes(string name) => Find(name) is { ValueKind: JsonValueKind.String } element && element.TryGetBytesFromBase64(out var bytes) ? bytes : throw Wrong(name, "bytes in base64");

    public int Int(string name, int otherwise) => OptionalInt(name) ?? otherwise;

    public int? OptionalInt(string name) => Has(name) ? Int(name) : null;

    public int Int(string name) => IsInt(Find(name), out var value) ? value : throw Wrong(name, "a whole number");

    public double Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } element && element.TryGetDouble(out var value)
        ? value
        : throw Wrong(name, "a number");

    public bool Bool(string name) => Find(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } element ? element.GetBoolean() : throw Wrong(name, "true or false");

    /// <summary>One number per axis; <paramref name="otherwise"/> where the file says nothing.</summary>
    public int[] Sizes(string name, int axes, int? otherwise = null)
    {
        if (otherwise is { } size && !Has(name))
            return [.. Enumerable.Repeat(size, axes)];
        return Numbers(name) is { } numbers && numbers.Length == axes ? numbers : throw Wrong(name, $"{axes} whole numbers");
    }

    /// <summary>A shape that repeats to that of the input, so that it is no larger.</summary>
    public Shape Repeating(string name) => Numbers(name) is { } numbers && Array.TrueForAll(numbers, n => n > 0) && numbers.Length <= Input.Rank
        && Within(1, numbers) == 1 && Shape.TryBroadcast(new Shape(numbers), Input, out var result) && result == Input
        ? new Shape(numbers)
        : throw Wrong(name, $"a shape that repeats to {Input}");

    public Size2D Pair(string name)
    {
        var sizes = Sizes(name, 2);
        return (sizes[0], sizes[1]);
    }

    /// <summary>The last axes of the input, as many as the file says.</summary>
    public Shape LastAxes(string name)
    {
        var axes = Int(name);
        return axes > 0 && axes <= Input.Rank ? Input.From(Input.Rank - axes) : throw Wrong(name, $"a number of axes from 1 to {Input.Rank}");
    }

    /// <summary>One of some words, as what it stands for.</summary>
    public T Choice<T>(string name, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        var word = Find(name) is { ValueKind: JsonValueKind.String } element ? element.GetString() : null;
        foreach (var choice in choices)
        {
            if (choice.Word == word)
                return choice.Value;
        }
        throw Wrong(name, string.Join(" or ", choices.ToArray().Select(c => $"'{c.Word}'")));
    }

    /// <summary>Layers side by side, each for this layer's input; null for one that passes it on.</summary>
    public Layer?[] Branches(string name)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } branches)
            throw Wrong(name, "a list of layers");
        var (input, limit) = (Input, MaxParameters);
        return [.. branches.EnumerateArray().Select(b => b.ValueKind == JsonValueKind.Null ? null : LayerCatalog.Read(b, input, limit))];
    }

    /// <summary>A layer inside, for an input of some shape.</summary>
    public Layer Layer(string name, Shape of) => LayerCatalog.Read(Find(name), of, MaxParameters);

    public Activation Activation(string name) => Layer(name, Input) as Activation ?? throw Wrong(name, "an activation");

    public Activation? OptionalActivation(string name) => Has(name) ? Activation(name) : null;

    /// <summary>The units of a recurrent layer whose weights the file has numbers for; with a projection the state has its size.</summary>
    public int Units(int gates) => Within(Within(Int("units"), gates, Input[-1]), gates, OptionalInt("projection") ?? Int("units"));

    /// <summary>The settings that all recurrent layers have.</summary>
    public T Recurrent<T>(T options)
        where T : RecurrentOptions => options with
        {
            ReturnSequences = Bool("returnSequences"),
            Stateful = Bool("stateful"),
            UseBias = Bool("useBias"),
            RecurrentDropout = Number("recurrentDropout"),
        };

    /// <summary>Layers one after the other, for this layer's input.</summary>
    public SequentialNetwork Network(string name) => Find(name) is { ValueKind: JsonValueKind.Array }
        ? SequentialNetwork.ReadLayers(settings, Input, MaxParameters)
        : throw Wrong(name, "a list of layers");

    /// <summary>"same", one number per axis, or two.</summary>
    public Padding Padding(int axes)
    {
        const string Name = "padding";
        if (Find(Name) is { ValueKind: JsonValueKind.String } text && text.GetString() == "same")
            return Layers.Padding.Same;
        return Numbers(Name) is { } numbers && (numbers.Length == axes || numbers.Length == 2 * axes)
            ? Layers.Padding.Sides([.. Enumerable.Range(0, axes).Select(i => numbers.Length == axes ? (numbers[i], numbers[i]) : (numbers[2 * i], numbers[(2 * i) + 1]))])
            : throw Wrong(Name, "'same', or one or two whole numbers per axis");
    }

    public Windows Windows(string kernel, int axes) => new(Sizes(kernel, axes), Sizes("stride", axes), Padding(axes), Sizes("dilation", axes, otherwise: 1));

    public ConvSettings Conv(int axes) => new(Windows("kernelSize", axes), Int("groups", otherwise: 1), Bool("useBias"));

    /// <summary>The filters of a convolution whose weights the file has numbers for.</summary>
    public int Filters(int axes) => Within(Int("filters"), [Input[0] / Math.Max(1, Int("groups", otherwise: 1)), .. Sizes("kernelSize", axes)]);

    /// <summary>The hidden channels of a convolutional LSTM whose weights the file has numbers for.</summary>
    public int ConvLstmFilters(int axes)
    {
        var (filters, kernel) = (Int("hiddenChannels"), Sizes("kernelSize", axes));
        Within(filters, [filters, .. kernel]);
        if (Bool("peepholes"))
            Within(filters, Input.Sizes[2..]);
        return Within(filters, [Input[1], .. kernel]);
    }

    /// <summary>The features of a Transformer whose weights the file has numbers for.</summary>
    public int TransformerSize()
    {
        Within(Int("feedForwardSize"), Input[-1]);
        return Within(Input[-1], Input[-1]);
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
        return count <= MaxParameters ? size : throw new FormatException($"The model's layer '{kind}' asks for {count:G3} parameters, more than its file holds.");
    }

    public int[]? Numbers(string name)
    {
        var element = Find(name);
        if (element.ValueKind != JsonValueKind.Array)
            return null;
        var numbers = new int[element.GetArrayLength()];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!IsInt(element[i], out numbers[i]))
                return null;
        }
        return numbers;
    }

    private bool Has(string name) => settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out _);

    private JsonElement Find(string name) => settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out var element)
        ? element
        : throw new FormatException($"The model's layer '{kind}' lacks its setting '{name}'.");

    public FormatException Wrong(string name, string expected) => new($"The model's layer '{kind}' expects {expected} for '{name}'.");
}
