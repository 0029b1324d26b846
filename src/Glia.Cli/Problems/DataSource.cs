using System.Text.Json;
using System.Text.Json.Nodes;

namespace Glia.Cli.Problems;

/// <summary>What a model was trained on, so that the same data can be recognised and its held-out part found again.</summary>
/// <param name="Data">What the user named: a built-in set, a file or a folder.</param>
/// <param name="Target">The target column of a table; null for images.</param>
/// <param name="Rows">The number of samples.</param>
/// <param name="Fingerprint">A hash of the data.</param>
/// <param name="Seed">The seed of the split.</param>
/// <param name="IsStreamed">Whether a table was read piece by piece, which divides it differently.</param>
internal sealed record DataSource(string Data, string? Target, long Rows, string Fingerprint, ulong Seed, bool IsStreamed = false)
{
    public string ToJson() => new JsonObject
    {
        ["data"] = Data,
        ["target"] = Target,
        ["rows"] = Rows,
        ["fingerprint"] = Fingerprint,
        ["seed"] = Seed,
        ["streamed"] = IsStreamed,
    }.ToJsonString();

    public static DataSource FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new(
            root.GetProperty("data").GetString() ?? "", root.GetProperty("target").GetString(), root.GetProperty("rows").GetInt64(),
            root.GetProperty("fingerprint").GetString() ?? "", root.GetProperty("seed").GetUInt64(),
            root.GetProperty("streamed").GetBoolean());
    }

    /// <summary>Whether this is the same data, whatever it is called.</summary>
    public bool IsSameDataAs(DataSource other) => Rows == other.Rows && Fingerprint == other.Fingerprint;
}
