using System.Text.Json;
using Glia.Layers;

namespace Glia.Conformance;

/// <summary>
/// The options of a case. It remembers which were asked for: one that nobody asked for was not honoured, and a pass would mean nothing.
/// </summary>
internal sealed class CaseOptions(JsonElement json)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<CaseOptions> _nested = [];

    public IEnumerable<string> Unread =>
        json.EnumerateObject().Select(p => p.Name).Where(name => !_read.Contains(name)).Concat(_nested.SelectMany(n => n.Unread));

    public bool IsNull(string name) => Read(name).ValueKind == JsonValueKind.Null;

    public bool IsText(string name) => Read(name).ValueKind == JsonValueKind.String;

    public double Number(string name) => Read(name).GetDouble();

    public double Number(string name, double otherwise) => Has(name) ? Number(name) : otherwise;

    public int Integer(string name) => Read(name).GetInt32();

    public bool Flag(string name) => Read(name).GetBoolean();

    public bool Flag(string name, bool otherwise) => Has(name) ? Flag(name) : otherwise;

    public string Text(string name) => Read(name).GetString() ?? throw new FormatException($"the option '{name}' is null");

    public int[] Integers(string name) => [.. Read(name).EnumerateArray().Select(e => e.GetInt32())];

    public double[] Numbers(string name) => [.. Read(name).EnumerateArray().Select(e => e.GetDouble())];

    public string[] Texts(string name) => [.. Read(name).EnumerateArray().Select(e => e.GetString() ?? "")];

    /// <summary>Two numbers for rows and columns, or one number for columns.</summary>
    public Size2D Size(string name, int rows) => Integers(name) switch
    {
        [var height, var width] => (height, width),
        [var width] => (rows, width),
        var other => throw new FormatException($"the option '{name}' has {other.Length} numbers where 1 or 2 were expected"),
    };

    public CaseOptions Nested(string name)
    {
        var nested = new CaseOptions(Read(name));
        _nested.Add(nested);
        return nested;
    }

    /// <summary>Names options that only say again what the shapes of the tensors say.</summary>
    public void FollowFromShapes(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            _read.Add(name);
    }

    private bool Has(string name) => json.TryGetProperty(name, out _);

    private JsonElement Read(string name)
    {
        _read.Add(name);
        return json.TryGetProperty(name, out var value) ? value : throw new FormatException($"the case has no option '{name}'");
    }
}
