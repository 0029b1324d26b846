using Glia.Initializers;
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
public sealed partial class Network
{
    private readonly Shape _input;
    private readonly List<(string Name, Layer Layer)> _layers = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private Shape _shape;

    // The path of a branch inside a larger network, ending in a dot; empty for the whole.
    private readonly string _prefix;
    private readonly bool _hasFreeTime;

    private Network(Shape input, string prefix = "", bool hasFreeTime = false)
    {
        _input = input;
        _shape = input;
        _prefix = prefix;
        _hasFreeTime = hasFreeTime;
    }

    /// <summary>Starts a network for samples of a shape, without the batch axis: features, or channels, rows and columns.</summary>
    public static Network Input(params ReadOnlySpan<int> sizes) => new(new Shape(sizes));

    /// <summary>
    /// Starts a network for sequences (time, …) whose number of steps may differ from call to call; every layer must be able to take the other number too:
    /// recurrent layers and attention can, <see cref="Layers.Flatten"/> before a dense layer cannot.
    /// </summary>
    /// <param name="steps">The usual number of steps, by which shapes are stated.</param>
    /// <param name="sizes">The shape of one step: the features; nothing for indices.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive.</exception>
    public static Network Sequence(int steps, params ReadOnlySpan<int> sizes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return new(new Shape([steps, .. sizes]), hasFreeTime: true);
    }

    /// <summary>A fully connected layer, over the features of each sample, or of each step of a sequence; see <see cref="Layers.Dense"/>.</summary>
    /// <param name="units">The number of neurons.</param>
    /// <param name="useBias">Whether a bias is added; true by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Dense(int units, bool useBias = true, string? name = null) => _shape.Rank is 1 or 2
        ? Add(new Dense(_shape[-1], units, useBias), name)
        : throw ShapeException.Of(Describe(nameof(Dense), name), "(features) or (time, features)", $"{_shape}", "Did you forget Flatten()?");

    /// <summary>Each sample as one row; see <see cref="Layers.Flatten"/>.</summary>
    public Network Flatten(string? name = null) => Add(new Flatten(), name);

    /// <summary>Random zeros in training; see <see cref="Layers.Dropout"/>.</summary>
    public Network Dropout(double probability = 0.5, string? name = null) => Add(new Dropout(probability), name);

    /// <summary>Batch normalisation; see <see cref="Layers.BatchNorm"/>.</summary>
    public Network BatchNorm(double decay = 0.9, double epsilon = 1e-5, string? name = null) =>
        Add(new BatchNorm(FirstAxis(nameof(BatchNorm), name), decay, epsilon), name);

    /// <summary>A vector for each index; see <see cref="Layers.Embedding"/>.</summary>
    /// <param name="count">The number of rows of the table.</param>
    /// <param name="features">The length of each vector.</param>
    /// <param name="paddingIndex">A row that is not trained; none by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    public Network Embedding(int count, int features, int? paddingIndex = null, string? name = null) => Add(new Embedding(count, features, paddingIndex), name);

    /// <summary>1 at the place of each index, 0 elsewhere; see <see cref="Layers.OneHot"/>.</summary>
    /// <param name="classes">The number of places.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    public Network OneHot(int classes, string? name = null) => Add(new OneHot(classes), name);

    /// <summary>Layer normalisation over the last axes, all of them by default; see <see cref="Layers.LayerNorm"/>.</summary>
    /// <param name="axes">How many of the last axes; all of the sample's when 0.</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    public Network LayerNorm(int axes = 0, double epsilon = 1e-5, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(axes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(axes, _shape.Rank);
        return Add(new LayerNorm(axes == 0 ? _shape : _shape.From(_shape.Rank - axes), epsilon), name);
    }

    /// <summary>Group normalisation; see <see cref="Layers.GroupNorm"/>.</summary>
    public Network GroupNorm(int groups, double epsilon = 1e-5, string? name = null) => Add(new GroupNorm(groups, FirstAxis(nameof(GroupNorm), name), epsilon), name);

    /// <summary>Instance normalisation; see <see cref="Layers.InstanceNorm"/>.</summary>
    public Network InstanceNorm(double epsilon = 1e-5, bool affine = false, string? name = null) =>
        Add(new InstanceNorm(FirstAxis(nameof(InstanceNorm), name), epsilon, affine), name);

    /// <summary>Random channels of zeros in training; see <see cref="Layers.SpatialDropout"/>.</summary>
    public Network SpatialDropout(double probability = 0.5, string? name = null) => Add(new SpatialDropout(probability), name);

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

    /// <summary>
    /// A residual block, body(x) + shortcut(x): <c>.Residual(b => b.Conv2D(64, 3, padding: 1).BatchNorm().ReLU().Conv2D(64, 3, padding: 1))</c>; see
    /// <see cref="Layers.Residual"/>.
    /// </summary>
    /// <param name="body">Adds the layers whose output is added.</param>
    /// <param name="shortcut">Adds what the input goes through when the body changes its shape; nothing by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">Body and shortcut do not give one shape.</exception>
    public Network Residual(Func<Network, Network> body, Func<Network, Network>? shortcut = null, string? name = null)
    {
        var path = $"{_prefix}{NameFor(nameof(Layers.Residual), name)}.";
        return Add(new Residual(Branch(body, path + "body."), shortcut is null ? null : Branch(shortcut, path + "shortcut.")), name);
    }

    /// <summary>
    /// Branches side by side: <c>.Branches(BranchMerge.Concat, b => b.Conv2D(8, 1), b => b.Conv2D(8, 3, padding: 1))</c>; see <see cref="Layers.Branches"/>.
    /// </summary>
    /// <param name="merge">How the outputs become one.</param>
    /// <param name="branches">Each adds the layers of one branch; one that adds none passes the input on.</param>
    /// <exception cref="ShapeException">The branches' outputs do not fit together.</exception>
    public Network Branches(BranchMerge merge, params ReadOnlySpan<Func<Network, Network>> branches)
    {
        var path = $"{_prefix}{NameFor(nameof(Layers.Branches), null)}.";
        var layers = new Layer?[branches.Length];
        for (var i = 0; i < layers.Length; i++)
            layers[i] = Branch(branches[i], $"{path}branch{i + 1}.");
        return Add(new Branches(merge, layers));
    }

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

    /// <summary>
    /// Chooses how the layer just added begins: <c>.Dense(64).Initialize(Initializer.HeNormal).ReLU()</c>. Without it layers choose for themselves, He's weights before a rectifier
    /// and Glorot's elsewhere.
    /// </summary>
    /// <param name="initializer">What the parameters are filled with by <see cref="Build"/>.</param>
    /// <param name="parameter">
    /// One parameter by its name, such as <c>bias</c> or <c>weight_hh</c>, or <c>body.conv2d1.weight</c> inside a block; by default all weights of the layer, but not its biases and
    /// normalisations.
    /// </param>
    /// <exception cref="ArgumentException">There is no layer yet, or it has no such parameter.</exception>
    public Network Initialize(Initializer initializer, string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        if (_layers is not [.., var (name, layer)])
            throw new ArgumentException("Initialize expects a layer before it but the network has none yet. Add one first.");
        var all = layer.StateDict().Where(entry => entry.Value is Parameter).ToDictionary(entry => entry.Key, entry => (Parameter)entry.Value, StringComparer.Ordinal);
        var chosen = all.Where(entry => parameter is null ? entry.Value.Decays : entry.Key == parameter).Select(entry => entry.Value).ToArray();
        if (chosen.Length == 0)
        {
            var has = all.Count == 0 ? "no parameters" : string.Join(", ", all.Keys);
            throw new ArgumentException($"Initialize expects {(parameter is null ? "weights" : $"a parameter '{parameter}'")} in the layer before it but '{name}' has {has}.");
        }
        foreach (var one in chosen)
            one.Initializer = initializer;
        return this;
    }

    /// <summary>Makes the network and draws its initial weights.</summary>
    /// <param name="seed">The same seed gives the same weights.</param>
    public SequentialNetwork Build(ulong seed = 0)
    {
        var network = new SequentialNetwork(_input, _layers, _hasFreeTime);
        network.Initialize(seed);
        return network;
    }

    private SequentialNetwork Branch(Func<Network, Network> add, string path) => Branch(add, path, _shape, _hasFreeTime && _shape.Rank > 0 && _shape[0] == _input[0]);

    private static SequentialNetwork Branch(Func<Network, Network> add, string path, Shape input, bool hasFreeTime = false)
    {
        ArgumentNullException.ThrowIfNull(add);
        var branch = add(new Network(input, path, hasFreeTime));
        return new SequentialNetwork(input, branch._layers, hasFreeTime);
    }

    private int FirstAxis(string kind, string? name) =>
        _shape.Rank > 0 ? _shape[0] : throw ShapeException.Of(Describe(kind, name), "at least one axis", $"{_shape}");

    private string Describe(string kind, string? name) => $"{kind} '{_prefix}{NameFor(kind, name)}'";

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
