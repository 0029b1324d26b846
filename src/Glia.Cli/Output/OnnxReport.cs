using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Interchange;
using Glia.Cli.Runs;
using Spectre.Console;

namespace Glia.Cli.Output;

/// <summary>What <c>glia summary</c> shows of an ONNX file: where it comes from, what it takes and gives, its operations with their shapes, or what Glia lacks to run it.</summary>
internal static class OnnxReport
{
    public static bool IsOnnx(string path) => Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase);

    public static void Print(Terminal terminal, string path)
    {
        var model = OnnxModel.Load(path);
        var module = model.Missing.Count == 0 ? model.ToModule() : null;
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(ToJson(path, model, module)));
            return;
        }
        terminal.Line(path);
        terminal.Line(string.Join(", ", Facts(model).Select(f => $"{f.Key} {f.Value}")));
        var table = new Table().Border(TableBorder.Rounded).AddColumns("value", "operator", "type", "shape");
        foreach (var input in model.Inputs)
            table.AddRow(Markup.Escape(input.Name), "input", input.Type.ToString(), input.Shape);
        var shapes = (module?.InferShapes() ?? []).ToDictionary(s => s.Name, StringComparer.Ordinal);
        foreach (var node in model.Nodes.Where(n => n.OpType != "Constant"))
        {
            foreach (var output in node.Outputs.Where(o => o.Length > 0))
            {
                var known = shapes.GetValueOrDefault(output);
                table.AddRow(Markup.Escape(output), Markup.Escape(node.OpType), known?.Type.ToString() ?? "", known?.Shape ?? "");
            }
        }
        terminal.Ansi.Write(table);
        terminal.Line($"gives {string.Join(", ", model.Outputs)}");
        if (module is not null)
            terminal.Line($"total {ModelSummary.Number(module.ParameterCount)} parameters");
        if (model.Missing.Count > 0)
            terminal.Heading("Glia cannot run it");
        foreach (var missing in model.Missing)
            terminal.Line($"  {missing}");
    }

    /// <summary>Where a file comes from.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Facts(OnnxModel model)
    {
        yield return new("graph", model.Name);
        yield return new("producer", model.Producer);
        foreach (var (domain, version) in model.OperatorSets)
            yield return new(domain.Length == 0 ? "opset" : $"opset of {domain}", version.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>How many bytes a tensor of a file has.</summary>
    public static long BytesOf(OnnxTensorInfo tensor)
    {
        var size = tensor.Type switch
        {
            OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool => 1,
            OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
            OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
            _ => 8,
        };
        return (tensor.Sizes ?? []).Aggregate((long)size, (bytes, s) => bytes * (s.Size ?? 0));
    }

    private static JsonObject ToJson(string path, OnnxModel model, OnnxModule? module) => new()
    {
        ["model"] = path,
        ["producer"] = model.Producer,
        ["operatorSets"] = new JsonObject(model.OperatorSets.Select(s => KeyValuePair.Create<string, System.Text.Json.Nodes.JsonNode?>(s.Key, s.Value))),
        ["inputs"] = ToJson(model.Inputs),
        ["outputs"] = ToJson(model.Outputs),
        ["parameters"] = module?.ParameterCount,
        ["shapes"] = ToJson(module?.InferShapes() ?? []),
        ["missing"] = new JsonArray([.. model.Missing.Select(m => (System.Text.Json.Nodes.JsonNode)m)]),
    };

    /// <summary>Name, type and shape of values.</summary>
    public static JsonArray ToJson(IEnumerable<OnnxTensorInfo> values) =>
        new([.. values.Select(v => new JsonObject { ["name"] = v.Name, ["type"] = v.Type.ToString(), ["shape"] = v.Shape })]);
}
