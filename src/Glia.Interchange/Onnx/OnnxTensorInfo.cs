namespace Glia.Interchange;

/// <summary>One size of a value: a number, a name for one that is free (such as the batch), or neither where it is not known.</summary>
/// <param name="Size">The number; null when it is free.</param>
/// <param name="Symbol">The name of a free size; null when it has none.</param>
public readonly record struct OnnxSize(long? Size, string? Symbol)
{
    /// <summary>The number, the name, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}

/// <summary>Name, element type and sizes of a value of an ONNX graph.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The element type.</param>
/// <param name="Sizes">The sizes; null when even their number is not known.</param>
public sealed record OnnxTensorInfo(string Name, OnnxElementType Type, IReadOnlyList<OnnxSize>? Sizes)
{
    /// <summary>The name, type and sizes, such as <c>input Float (N, 3, 32, 32)</c>.</summary>
    public override string ToString() => $"{Name} {Type} {Shape}";

    /// <summary>The sizes in parentheses.</summary>
    public string Shape => Sizes is null ? "(…)" : Sizes.Count == 1 ? $"({Sizes[0]},)" : $"({string.Join(", ", Sizes)})";

    /// <summary>The element type of the tensors that hold such values in Glia; null where the file does not say it, or Glia has none.</summary>
    public DType? DType => Type != OnnxElementType.Undefined && Type.IsSupported() ? Type.Storage() : null;

    /// <summary>Whether a shape has the sizes that are fixed.</summary>
    internal bool Allows(Shape shape)
    {
        if (Sizes is null)
            return true;
        if (Sizes.Count != shape.Rank)
            return false;
        for (var i = 0; i < Sizes.Count; i++)
        {
            if (Sizes[i].Size is { } size && size != shape.Sizes[i])
                return false;
        }
        return true;
    }
}

/// <summary>A node of an ONNX graph, to be looked at.</summary>
/// <param name="Name">Its name; the number of the node where the file gives none.</param>
/// <param name="OpType">The operator.</param>
/// <param name="Domain">The operator's domain; empty for ONNX's own.</param>
/// <param name="Inputs">The names of its inputs; empty for one that is left out.</param>
/// <param name="Outputs">The names of its outputs; empty for one that nobody wants.</param>
/// <param name="Attributes">Its settings as text.</param>
public sealed record OnnxNode(
    string Name, string OpType, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, string> Attributes);
