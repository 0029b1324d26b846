namespace Glia.Interchange.Onnx.Operators;

/// <summary>What the passes over a graph need to know of an operator.</summary>
[Flags]
internal enum OperatorTraits
{
    None = 0,

    /// <summary>The result may be much larger than the inputs, or take much longer, by what the settings say; so it is not computed beforehand.</summary>
    Grows = 1,

    /// <summary>The result depends on more than inputs and settings: chance, or whether it is training.</summary>
    Varies = 2,

    /// <summary>The result depends on nothing but the shapes of the inputs.</summary>
    OfShapes = 4,
}

/// <summary>An operator of ONNX's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Since">The version of the operator set that it came with.</param>
/// <param name="Inputs">How many inputs it takes: <c>2</c>, <c>1-3</c>, <c>1-*</c>.</param>
/// <param name="Attributes">
/// The names of its settings, each with a letter for its kind (<c>axis:i</c>; capitals for lists) and the texts that are allowed (<c>mode:s=constant|edge</c>).
/// </param>
/// <param name="Run">Computes the outputs; those that nobody wants may be left out at the end.</param>
/// <param name="Traits">What the passes over a graph need to know.</param>
internal sealed record Operator(string Name, int Since, string Inputs, string Attributes, Func<NodeCall, Value[]> Run, OperatorTraits Traits = OperatorTraits.None)
{
    private readonly Dictionary<string, (char Kind, string[] Texts)> _attributes = Parse(Attributes);

    public (int Fewest, int Most) InputRange { get; } = ParseInputs(Inputs);

    public bool Has(OperatorTraits trait) => (Traits & trait) != 0;

    /// <summary>What is wrong with a setting; null when nothing is.</summary>
    public string? ProblemOf(Attributes attributes, string name)
    {
        if (!_attributes.TryGetValue(name, out var known))
            return $"attribute '{OnnxText.Shorten(name)}' is not supported";
        if (attributes.KindOf(name) != known.Kind)
            return $"attribute '{name}' is of another kind than expected";
        if (known.Texts.Length > 0 && !known.Texts.Contains(attributes.Text(name, "")))
            return $"{name} = '{OnnxText.Shorten(attributes.Text(name, ""))}' is not supported; {string.Join(", ", known.Texts)} are";
        return null;
    }

    private static Dictionary<string, (char Kind, string[] Texts)> Parse(string attributes)
    {
        var result = new Dictionary<string, (char, string[])>(StringComparer.Ordinal);
        foreach (var part in attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var texts = part.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 ? part[(equals + 1)..].Split('|') : [];
            result.Add(part[..colon], (part[colon + 1], texts));
        }
        return result;
    }

    private static (int Fewest, int Most) ParseInputs(string inputs)
    {
        var parts = inputs.Split('-');
        var fewest = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
        if (parts.Length == 1)
            return (fewest, fewest);
        return (fewest, parts[1] == "*" ? int.MaxValue : int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
