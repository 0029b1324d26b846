using System.Text.Json;

namespace Glia.Conformance;

/// <summary>
/// The options of a case. It remembers which were asked for: one that nobody asked for was not honoured, and a pass would mean nothing. An
/// option that is missing or null has the reference's default, where the adapter names one.
/// </summary>
internal sealed class CaseOptions(JsonElement json)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<CaseOptions> _nested = [];

    public static CaseOptions None { get; } = new(JsonDocument.Parse("{}").RootElement);

    public IEnumerable<string> Unread =>
        json.EnumerateObject().Select(p => p.Name).Where(name => !_read.Contains(name)).Concat(_nested.SelectMany(n => n.Unread));

    /// <summary>Whether the case says nothing about it, or null.</summary>
    public bool IsMissing(string name)
    {
        _read.Add(name);
        return !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null;
    }

    public double Number(string name) => NumberOf(Read(name), name);

    public double Number(string name, double otherwise) => IsMissing(name) ? otherwise : Number(name);

    public int Integer(string name) => IntegerOf(Read(name), name);

    public int Integer(string name, int otherwise) => IsMissing(name) ? otherwise : Integer(name);

    /// <summary>True or false, or a number, of which 0 stands for false.</summary>
    public bool Flag(string name, bool otherwise)
    {
        if (IsMissing(name))
            return otherwise;
        var value = Read(name);
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() != 0 : value.GetBoolean();
    }

    public string Text(string name) => Read(name).GetString() ?? throw new FormatException($"the option '{name}' is null");

    public string Text(string name, string otherwise) => IsMissing(name) ? otherwise : Text(name);

    public bool IsText(string name) => !IsMissing(name) && Read(name).ValueKind == JsonValueKind.String;

    /// <summary>A list of whole numbers; a single one is a list of one.</summary>
    public int[] Integers(string name)
    {
        var value = Read(name);
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(e => IntegerOf(e, name))] : [IntegerOf(value, name)];
    }

    public int[] Integers(string name, params int[] otherwise) => IsMissing(name) ? otherwise : Integers(name);

    public double[] Numbers(string name, params double[] otherwise) =>
        IsMissing(name) ? otherwise : [.. Read(name).EnumerateArray().Select(e => NumberOf(e, name))];

    public string[] Texts(string name) => [.. Read(name).EnumerateArray().Select(e => e.GetString() ?? "")];

    /// <summary>A size per axis; one size stands for all axes.</summary>
    public int[] Sizes(string name, int axes)
    {
        var sizes = Integers(name);
        if (sizes.Length == 1)
            return [.. Enumerable.Repeat(sizes[0], axes)];
        return sizes.Length == axes ? sizes : throw new FormatException($"the option '{name}' has {sizes.Length} sizes where the operation has {axes} axes");
    }

    public int[] Sizes(string name, int axes, params int[] otherwise) =>
        !IsMissing(name) ? Sizes(name, axes) : otherwise.Length == 1 ? [.. Enumerable.Repeat(otherwise[0], axes)] : otherwise;

    /// <summary>A size per axis, of which null stands for the one given.</summary>
    public int[] SizesOr(string name, int[] otherwise)
    {
        var value = Read(name);
        if (value.ValueKind != JsonValueKind.Array)
            return Sizes(name, otherwise.Length);
        var sizes = value.EnumerateArray().Select((e, i) => e.ValueKind == JsonValueKind.Null ? otherwise[i] : IntegerOf(e, name)).ToArray();
        return sizes.Length == otherwise.Length ? sizes : throw new FormatException($"the option '{name}' has {sizes.Length} sizes where the operation has {otherwise.Length} axes");
    }

    public CaseOptions Nested(string name)
    {
        if (IsMissing(name))
            return None;
        var nested = new CaseOptions(Read(name));
        _nested.Add(nested);
        return nested;
    }

    /// <summary>Names options that only say again what the shapes of the tensors say, or how the reference goes about it.</summary>
    public void FollowFromShapes(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            _read.Add(name);
    }

    private static double NumberOf(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString() switch
        {
            "inf" or "Infinity" => double.PositiveInfinity,
            "-inf" or "-Infinity" => double.NegativeInfinity,
            var other => throw new FormatException($"the option '{name}' is '{other}' where a number was expected"),
        },
        _ => throw new FormatException($"the option '{name}' is {value.ValueKind} where a number was expected"),
    };

    private static int IntegerOf(JsonElement value, string name)
    {
        var number = NumberOf(value, name);
        return number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw new FormatException($"the option '{name}' is {value} where a whole number was expected");
    }

    private JsonElement Read(string name)
    {
        _read.Add(name);
        return json.TryGetProperty(name, out var value) ? value : throw new FormatException($"the case has no option '{name}'");
    }
}
