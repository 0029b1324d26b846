using System.Globalization;

namespace Glia.Interchange.PyTorch;

/// <summary>
/// The tensors of nested dictionaries, lists and tuples under names whose parts are joined by dots, and numbers and texts beside them. A container may be met several times, but
/// not so often that a small file becomes a large list of names.
/// </summary>
internal sealed class PickleTree
{
    /// <summary>What a file that is nothing but one tensor calls it.</summary>
    public const string OnlyTensor = "tensor";

    private const int MaxDepth = 32;
    private const int MaxTexts = 200;
    private const int MaxTextLength = 1000;
    private const int MaxNameLength = 1000;
    private const int NameCharsPerByte = 64;
    private const int FewVisits = 1000;

    private readonly Func<string, WeightFileException> _error;
    private long _visits;
    private long _nameChars;

    /// <param name="root">The object of a file.</param>
    /// <param name="byteLength">The length of its pickle.</param>
    /// <param name="error">Makes an exception of a problem.</param>
    public PickleTree(object? root, long byteLength, Func<string, WeightFileException> error)
    {
        _error = error;
        _visits = FewVisits + byteLength;
        _nameChars = (FewVisits + byteLength) * NameCharsPerByte;
        if (root is PickleTensor tensor)
            Tensors.Add((OnlyTensor, tensor));
        else
            Visit(root, "", 0);
        if (root is PickleDict top && !top.Items.Exists(i => i.Value is PickleTensor))
            Parts = [.. top.Items.Where(i => i.Value is PickleDict part && part.Items.Exists(p => p.Value is PickleTensor)).Select(i => NameOf(i.Key)).Distinct(StringComparer.Ordinal)];
        if (Tensors.Count == 0)
            throw error($"it holds no tensors. {PickleGlobals.Advice}");
    }

    public List<(string Name, PickleTensor Tensor)> Tensors { get; } = [];

    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of dictionaries of tensors directly inside the outermost one, if that has no tensors itself.</summary>
    public IReadOnlyList<string> Parts { get; } = [];

    private void Visit(object? value, string name, int depth)
    {
        _nameChars -= name.Length;
        if (--_visits < 0 || _nameChars < 0)
            throw _error("its lists and dictionaries refer to each other so often that there would be too many names.");
        if (depth > MaxDepth)
            throw _error($"its lists and dictionaries are nested more than {MaxDepth} deep.");
        if (name.Length > MaxNameLength)
            throw _error($"the name {SafetensorsHeader.Quote(name)} is longer than {MaxNameLength} characters.");
        switch (value)
        {
            case PickleTensor tensor:
                Tensors.Add((name, tensor));
                break;
            case PickleDict dict:
                foreach (var (key, item) in dict.Items)
                    Visit(item, Join(name, NameOf(key)), depth + 1);
                break;
            case List<object?> list:
                VisitAll(list, name, depth);
                break;
            case object?[] tuple:
                VisitAll(tuple, name, depth);
                break;
            case long or double or bool or string when name.Length > 0 && Texts.Count < MaxTexts:
                var text = value is bool truth ? (truth ? "True" : "False") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
                Texts[name] = text.Length > MaxTextLength ? text[..MaxTextLength] + "…" : text;
                break;
        }
    }

    private void VisitAll(IReadOnlyList<object?> items, string name, int depth)
    {
        for (var i = 0; i < items.Count; i++)
        {
            // Lists of numbers, such as which parameters an optimiser has, are no names.
            if (items[i] is PickleTensor or PickleDict or List<object?> or object?[])
                Visit(items[i], Join(name, i.ToString(CultureInfo.InvariantCulture)), depth + 1);
        }
    }

    private string NameOf(object? key) => key switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw _error("a dictionary has a key that is neither text nor number, so that what it holds has no name."),
    };

    private static string Join(string name, string part) => name.Length == 0 ? part : $"{name}.{part}";
}
