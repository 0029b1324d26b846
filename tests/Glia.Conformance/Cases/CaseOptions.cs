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

    public int Integer(string name, int otherwise) => Has(name) ? Integer(name) : otherwise;

    public bool Flag(string name) => Read(name).GetBoolean();

    public bool Flag(string name, bool otherwise) => Has(name) ? Flag(name) : otherwise;

    public string Text(string name) => Read(name).GetString() ?? throw new FormatException($"the option '{name}' is null");

    public string Text(string name, string otherwise) => Has(name) ? Text(name) : otherwise;

    public int[] Integers(string name) => [.. Read(name).EnumerateArray().Select(e => e.GetInt32())];

    public double[] Numbers(string name) => [.. Read(name).EnumerateArray().Select(e => e.GetDouble())];

    public string[] Texts(string name) => [.. Read(name).EnumerateArray().Select(e => e.GetString() ?? "")];

    /// <summary>A size along one axis.</summary>
    public int Size(string name) => Integers(name) is [var size] ? size : throw OtherAxes(name);

    /// <summary>A size along rows and one along columns.</summary>
    public Size2D Pair(string name) => Integers(name) is [var height, var width] ? (height, width) : throw OtherAxes(name);

    /// <summary>A size along depth, one along rows and one along columns.</summary>
    public Size3D Triple(string name) => Integers(name) is [var depth, var height, var width] ? (depth, height, width) : throw OtherAxes(name);

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

    private static FormatException OtherAxes(string name) => new($"the option '{name}' has another number of axes than the operation");

    private bool Has(string name) => json.TryGetProperty(name, out _);

    private JsonElement Read(string name)
    {
        _read.Add(name);
        return json.TryGetProperty(name, out var value) ? value : throw new FormatException($"the case has no option '{name}'");
    }
}
