using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Glia.Cli.Pictures;

/// <summary>The kinds of pictures, and of a run which of them can be drawn.</summary>
internal static class PlotList
{
    public static int Print(Terminal terminal, string[] paths)
    {
        PlotSource[] runs = [.. paths.Select(PlotSource.Open)];
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(new JsonArray([.. PlotKinds.All.Select(k => (JsonNode)ToJson(k, runs))])));
            return ExitCode.Success;
        }
        var width = PlotKinds.All.Max(k => k.Name.Length);
        if (runs.Length == 0)
        {
            foreach (var kind in PlotKinds.All)
            {
                terminal.Line($"{kind.Name.PadRight(width)}  {kind.Description}");
                terminal.Line($"{new string(' ', width)}  of {kind.Needs}{(kind.TakesSeveral ? ", or of several" : "")}");
            }
            return ExitCode.Success;
        }
        foreach (var run in runs)
        {
            terminal.Line($"{run.Path}");
            var kinds = PlotKinds.All.Select(k => (Kind: k, Missing: k.Missing(run))).ToList();
            foreach (var (kind, _) in kinds.Where(k => k.Missing is null))
                terminal.Line($"  {kind.Name.PadRight(width)}  {kind.Description}");
            terminal.Line("not of this one:");
            foreach (var (kind, missing) in kinds.Where(k => k.Missing is not null))
                terminal.Line($"  {kind.Name.PadRight(width)}  it needs {missing}");
        }
        return ExitCode.Success;
    }

    private static JsonObject ToJson(PlotKind kind, PlotSource[] runs)
    {
        var json = new JsonObject { ["kind"] = kind.Name, ["description"] = kind.Description, ["needs"] = kind.Needs, ["several"] = kind.TakesSeveral };
        if (runs.Length > 0)
            json["missing"] = new JsonObject(runs.Select(r => KeyValuePair.Create(r.Path, (JsonNode?)JsonValue.Create(kind.Missing(r)))));
        return json;
    }
}
