using System.Text.Json.Nodes;
using Glia.Interchange;
using Spectre.Console;

namespace Glia.Cli.Output;

/// <summary>What a file of tensors holds, for people and for machines.</summary>
/// <param name="Format">What kind of file it is.</param>
/// <param name="Tensors">Name, type, shape and bytes of each tensor.</param>
/// <param name="Metadata">The texts that it carries along.</param>
/// <param name="Model">What it computes; null for a file of tensors alone.</param>
internal sealed record FileContents(
    string Format, IReadOnlyList<(string Name, string Type, string Shape, long Bytes)> Tensors, IReadOnlyList<KeyValuePair<string, string>> Metadata, OnnxModel? Model)
{
    private const int LongestText = 80;

    public static FileContents OfWeights(string path)
    {
        using var file = WeightFile.Open(path);
        return new(file.Format, [.. file.Entries.Select(e => (e.Name, e.DType.ToString(), $"({string.Join(", ", e.Shape.ToArray())})", e.ByteLength))], [.. file.Metadata], null);
    }

    public static FileContents Of(OnnxModel model) => new(
        "ONNX", [.. model.Tensors.Select(t => (t.Name, t.Type.ToString(), t.Shape, OnnxReport.BytesOf(t)))], [.. OnnxReport.Facts(model), .. model.Metadata], model);

    public void Print(Terminal terminal, string path)
    {
        terminal.Line($"{path}: {Format}, {ModelSummary.Number(Tensors.Count)} tensors, {ModelSummary.Number(Tensors.Sum(t => t.Bytes))} bytes");
        var tensors = new Table().Border(TableBorder.Rounded).AddColumns("tensor", "type", "shape").AddColumn(new TableColumn("bytes").RightAligned());
        foreach (var (name, type, shape, bytes) in Tensors)
            tensors.AddRow(Safe(name), type, shape, ModelSummary.Number(bytes));
        terminal.Ansi.Write(tensors);
        if (Metadata.Count > 0)
            terminal.Heading("Texts");
        foreach (var (key, value) in Metadata)
            terminal.Line($"  {OneLine(key)}: {OneLine(value)}");
        if (Model is null)
            return;
        terminal.Heading("Graph");
        foreach (var input in Model.Inputs)
            terminal.Line($"  takes {OneLine(input.ToString())}");
        foreach (var node in Model.Nodes)
        {
            var settings = node.Attributes.Count == 0 ? "" : $" {{{string.Join(", ", node.Attributes.Select(a => $"{a.Key} {a.Value}"))}}}";
            terminal.Line($"  {OneLine(string.Join(", ", node.Outputs))} = {OneLine(node.OpType)}({OneLine(string.Join(", ", node.Inputs))}){OneLine(settings)}");
        }
        foreach (var result in Model.Outputs)
            terminal.Line($"  gives {OneLine(result.ToString())}");
    }

    public JsonObject ToJson(string path) => new()
    {
        ["file"] = path,
        ["format"] = Format,
        ["tensors"] = new JsonArray([.. Tensors.Select(t => new JsonObject { ["name"] = t.Name, ["type"] = t.Type, ["shape"] = t.Shape, ["bytes"] = t.Bytes })]),
        ["metadata"] = new JsonObject(Metadata.DistinctBy(m => m.Key).Select(m => KeyValuePair.Create<string, System.Text.Json.Nodes.JsonNode?>(m.Key, m.Value))),
        ["inputs"] = OnnxReport.ToJson(Model?.Inputs ?? []),
        ["outputs"] = OnnxReport.ToJson(Model?.Outputs ?? []),
        ["nodes"] = new JsonArray([.. (Model?.Nodes ?? []).Select(n => new JsonObject
        {
            ["name"] = n.Name,
            ["operator"] = n.OpType,
            ["domain"] = n.Domain,
            ["inputs"] = Texts(n.Inputs),
            ["outputs"] = Texts(n.Outputs),
            ["attributes"] = new JsonObject(n.Attributes.Select(a => KeyValuePair.Create<string, System.Text.Json.Nodes.JsonNode?>(a.Key, a.Value))),
        })]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (System.Text.Json.Nodes.JsonNode)t)]);

    private static string Safe(string text) => Markup.Escape(OneLine(text));

    /// <summary>A text of a file, shortened and without control characters.</summary>
    public static string OneLine(string text)
    {
        var shown = text.Length <= LongestText ? text : text[..LongestText] + "…";
        return string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
