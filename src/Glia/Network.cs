using Glia.Layers;

namespace Glia;

/// <summary>
/// Writes a network in one breath; shapes are inferred and checked as it is written:
/// <code>
/// var model = Network.Input(1, 28, 28)
///     .Conv2D(6, kernelSize: 5, padding: 2).ReLU().MaxPool2D(2)
///     .Flatten().Dense(84).ReLU().Dense(10)
///     .Build(seed: 1);
/// </code>
/// </summary>
public sealed class Network
{
    private readonly Shape _input;
    private readonly List<(string Name, Layer Layer)> _layers = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private Shape _shape;

    private Network(Shape input)
    {
        _input = input;
        _shape = input;
    }

    /// <summary>Starts a network for samples of a shape, without the batch axis: features, or channels, rows and columns.</summary>
    public static Network Input(params ReadOnlySpan<int> sizes) => new(new Shape(sizes));

    /// <summary>A fully connected layer; see <see cref="Layers.Dense"/>.</summary>
    /// <param name="units">The number of neurons.</param>
    /// <param name="useBias">Whether a bias is added; true by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Dense(int units, bool useBias = true, string? name = null) => _shape.Rank == 1
        ? Add(new Dense(_shape[0], units, useBias), name)
        : throw ShapeException.Of(Describe(nameof(Dense), name), "one axis of features", $"{_shape}", "Did you forget Flatten()?");

    /// <summary>2-D convolution; see <see cref="Layers.Conv2D"/>.</summary>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's rows and columns.</param>
    /// <param name="stride">Steps between neighbouring outputs; 1 by default.</param>
    /// <param name="padding">Zeros on each side; 0 by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Conv2D(int filters, Size2D kernelSize, Size2D? stride = null, Size2D padding = default, string? name = null) =>
        Conv2D(filters, kernelSize, new Conv2DOptions { Stride = stride ?? 1, Padding = padding }, name);

    /// <inheritdoc cref="Conv2D(int, Size2D, Size2D?, Size2D, string?)"/>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's rows and columns.</param>
    /// <param name="options">Stride, padding, dilation, groups, bias.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    public Network Conv2D(int filters, Size2D kernelSize, Conv2DOptions options, string? name = null) => _shape.Rank == 3
        ? Add(new Conv2D(_shape[0], filters, kernelSize, options), name)
        : throw ShapeException.Of(Describe(nameof(Conv2D), name), "(channels, rows, columns)", $"{_shape}", "Start with Network.Input(channels, rows, columns).");

    /// <summary>The largest of each window; see <see cref="Layers.MaxPool2D"/>.</summary>
    public Network MaxPool2D(Size2D poolSize, Size2D? stride = null, Size2D padding = default, string? name = null) =>
        Add(new MaxPool2D(poolSize, stride, padding), name);

    /// <summary>The mean of each window; see <see cref="Layers.AvgPool2D"/>.</summary>
    public Network AvgPool2D(Size2D poolSize, Size2D? stride = null, Size2D padding = default, string? name = null) =>
        Add(new AvgPool2D(poolSize, stride, padding), name);

    /// <summary>The mean of each channel; see <see cref="Layers.GlobalAvgPool2D"/>.</summary>
    public Network GlobalAvgPool2D(string? name = null) => Add(new GlobalAvgPool2D(), name);

    /// <summary>Each sample as one row; see <see cref="Layers.Flatten"/>.</summary>
    public Network Flatten(string? name = null) => Add(new Flatten(), name);

    /// <summary>Random zeros in training; see <see cref="Layers.Dropout"/>.</summary>
    public Network Dropout(double probability = 0.5, string? name = null) => Add(new Dropout(probability), name);

    /// <summary>Batch normalisation; see <see cref="Layers.BatchNorm"/>.</summary>
    public Network BatchNorm(double decay = 0.9, double epsilon = 1e-5, string? name = null) => _shape.Rank > 0
        ? Add(new BatchNorm(_shape[0], decay, epsilon), name)
        : throw ShapeException.Of(Describe(nameof(BatchNorm), name), "at least one axis", $"{_shape}");

    /// <summary>max(0, x); see <see cref="Layers.ReLU"/>.</summary>
    public Network ReLU(string? name = null) => Add(new ReLU(), name);

    /// <summary>max(slope·x, x); see <see cref="Layers.LeakyReLU"/>.</summary>
    public Network LeakyReLU(double slope = 0.01, string? name = null) => Add(new LeakyReLU(slope), name);

    /// <summary>1 / (1 + e⁻ˣ); see <see cref="Layers.Sigmoid"/>.</summary>
    public Network Sigmoid(string? name = null) => Add(new Sigmoid(), name);

    /// <summary>tanh x; see <see cref="Layers.Tanh"/>.</summary>
    public Network Tanh(string? name = null) => Add(new Tanh(), name);

    /// <summary>ln(1 + eˣ); see <see cref="Layers.Softplus"/>.</summary>
    public Network Softplus(string? name = null) => Add(new Softplus(), name);

    /// <summary>x·sigmoid(x); see <see cref="Layers.Swish"/>.</summary>
    public Network Swish(string? name = null) => Add(new Swish(), name);

    /// <summary>Rows that sum to 1; see <see cref="Layers.Softmax"/>.</summary>
    public Network Softmax(string? name = null) => Add(new Softmax(), name);

    /// <summary>Any layer, such as one of your own.</summary>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Network Add(Layer layer, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Shape shape;
        try
        {
            shape = layer.OutputShape(_shape);
        }
        catch (ShapeException e)
        {
            // The layer has no name of its own yet: put the one it would get into the message.
            var kind = layer.GetType().Name;
            throw new ShapeException(e.Message.StartsWith(kind + " ", StringComparison.Ordinal) ? Describe(kind, name) + e.Message[kind.Length..] : e.Message, e);
        }
        var chosen = NameFor(layer.GetType().Name, name);
        if (chosen.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException($"The name '{chosen}' must not hold a dot, which separates the parts of a path.");
        if (IsTaken(chosen))
            throw new ArgumentException($"The name '{chosen}' is taken in this network. Choose another.");
        _counts[layer.GetType().Name] = _counts.GetValueOrDefault(layer.GetType().Name) + 1;
        _layers.Add((chosen, layer));
        _shape = shape;
        return this;
    }

    /// <summary>Makes the network and draws its initial weights.</summary>
    /// <param name="seed">The same seed gives the same weights.</param>
    public SequentialNetwork Build(ulong seed = 0)
    {
        var network = new SequentialNetwork(_input, _layers);
        network.Initialize(seed);
        return network;
    }

    private string Describe(string kind, string? name) => $"{kind} '{NameFor(kind, name)}'";

    /// <summary>dense1, dense2, conv2d1, relu1, …, past those that were given by hand.</summary>
    private string NameFor(string kind, string? name)
    {
        for (var number = _counts.GetValueOrDefault(kind) + 1; name is null; number++)
        {
            var next = $"{kind.ToLowerInvariant()}{number}";
            name = IsTaken(next) ? null : next;
        }
        return name;
    }

    private bool IsTaken(string name) => _layers.Exists(l => l.Name == name);
}
