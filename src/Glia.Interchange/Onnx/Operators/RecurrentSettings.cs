using Glia.Layers;

namespace Glia.Interchange.Onnx.Operators;

internal enum RecurrentKind
{
    Rnn,
    Gru,
    Lstm,
}

/// <summary>The settings of a recurrent node.</summary>
internal sealed class RecurrentSettings
{
    private static readonly string[] TakeAlpha = ["LeakyRelu", "ThresholdedRelu", "ScaledTanh", "HardSigmoid", "Elu", "Affine", "Celu", "Selu"];
    private static readonly string[] TakeBeta = ["ScaledTanh", "HardSigmoid", "Affine"];
    private static readonly string[] Known = [.. TakeAlpha, "Relu", "Tanh", "Sigmoid", "Softsign", "Softplus"];

    private RecurrentSettings(Node node, RecurrentKind kind)
    {
        Kind = kind;
        Direction = node.Attributes.Text("direction", "forward");
        Hidden = (int)node.Attributes.Int("hidden_size", 0);
        IsBatchFirst = node.Attributes.Flag("layout");
        Clip = node.Attributes.Float("clip", 0);
        CouplesForget = node.Attributes.Flag("input_forget");
        ResetsProduct = node.Attributes.Flag("linear_before_reset");
        Functions = FunctionsOf(node, out var isDefault);
        IsFusable = isDefault && Clip == 0 && !CouplesForget && (kind != RecurrentKind.Gru || ResetsProduct);
    }

    public RecurrentKind Kind { get; }

    public string Direction { get; }

    public int Hidden { get; private set; }

    /// <summary>Whether inputs and outputs are (batch, time, …) rather than (time, batch, …).</summary>
    public bool IsBatchFirst { get; }

    /// <summary>What the arguments of the activation functions are limited to; 0 for no limit.</summary>
    public double Clip { get; }

    /// <summary>Whether the forget gate is 1 − the input gate.</summary>
    public bool CouplesForget { get; }

    /// <summary>Whether the reset gate of a GRU multiplies the product rather than the state before it.</summary>
    public bool ResetsProduct { get; }

    /// <summary>The activation functions, those of each direction one after the other.</summary>
    public ActivationFunction[] Functions { get; }

    /// <summary>Whether one of Glia's fused operations does the same.</summary>
    public bool IsFusable { get; }

    public int Directions => Direction == "bidirectional" ? 2 : 1;

    public int Gates => Kind switch
    {
        RecurrentKind.Rnn => 1,
        RecurrentKind.Gru => 3,
        _ => 4,
    };

    public bool IsReverse(int direction) => direction == 1 || Direction == "reverse";

    public static RecurrentSettings Of(Node node, RecurrentKind kind) => new(node, kind);

    /// <summary>Whether the shapes of the weights fit.</summary>
    public void Check(NodeCall c)
    {
        var (x, w, r) = (c.X, c.In(1), c.In(2));
        if (Hidden == 0 && r.Rank == 3)
            Hidden = r.Shape[2];
        if (x.Rank != 3 || w.Shape != (Directions, Gates * Hidden, x.Shape[2]) || r.Shape != (Directions, Gates * Hidden, Hidden))
        {
            throw new ArgumentException(
                $"an input of 3 axes with weights ({Directions}, {Gates * Hidden}, features) and ({Directions}, {Gates * Hidden}, {Hidden}) was expected but got {x.Shape}, {w.Shape} and {r.Shape}.");
        }
        if (c.Maybe(3) is { } b && b.Shape != (Directions, 2 * Gates * Hidden))
            throw new ArgumentException($"biases of shape ({Directions}, {2 * Gates * Hidden}) were expected but got {b.Shape}.");
    }

    /// <summary>Whether constants have the shapes of this layer's weights.</summary>
    public bool Fits(Tensor w, Tensor r, Tensor? b)
    {
        if (Hidden == 0 && r.Rank == 3)
            Hidden = r.Shape[2];
        var rows = Gates * Hidden;
        return Hidden > 0 && w.Rank == 3 && w.Shape[0] == Directions && w.Shape[1] == rows && r.Shape == (Directions, rows, Hidden) && (b is null || b.Shape == (Directions, 2 * rows));
    }

    private ActivationFunction[] FunctionsOf(Node node, out bool isDefault)
    {
        string[] usual = Kind switch
        {
            RecurrentKind.Rnn => ["Tanh"],
            RecurrentKind.Gru => ["Sigmoid", "Tanh"],
            _ => ["Sigmoid", "Tanh", "Tanh"],
        };
        string[] expected = [.. Enumerable.Range(0, Directions).SelectMany(_ => usual)];
        var names = node.Attributes.Texts("activations") ?? expected;
        if (names.Length != expected.Length)
            throw new ArgumentException($"{expected.Length} activation functions were expected but got {names.Length}.");
        // Rectifiers are common in plain recurrent layers, and fused too.
        names = Array.ConvertAll(names, n => Known.FirstOrDefault(k => k.Equals(n, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"the activation function '{OnnxText.Shorten(n)}' is not supported; {string.Join(", ", Known)} are."));
        isDefault = names.SequenceEqual(expected) || (Kind == RecurrentKind.Rnn && Array.TrueForAll(names, n => n is "Relu" or "Tanh" or "Sigmoid"));
        var (alphas, betas) = (new Queue<double>(node.Attributes.Floats("activation_alpha") ?? []), new Queue<double>(node.Attributes.Floats("activation_beta") ?? []));
        return Array.ConvertAll(names, name =>
        {
            var alpha = TakeAlpha.Contains(name) && alphas.TryDequeue(out var a) ? a : (double?)null;
            var beta = TakeBeta.Contains(name) && betas.TryDequeue(out var b) ? b : (double?)null;
            return Activations.Formula(name, (setting, otherwise) => (setting == "alpha" ? alpha : beta) ?? otherwise)!;
        });
    }
}
