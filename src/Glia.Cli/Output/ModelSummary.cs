using System.Globalization;
using Glia.Layers;
using Spectre.Console;

namespace Glia.Cli.Output;

/// <summary>A table of the layers: name, kind, output shape, parameters.</summary>
internal static class ModelSummary
{
    public static void Print(Terminal terminal, SequentialNetwork network)
    {
        var summary = network.Summary();
        var table = new Table().Border(TableBorder.Rounded).AddColumns("layer", "kind", "output shape");
        table.AddColumn(new TableColumn("parameters").RightAligned()).AddColumn("trainable");
        table.AddRow("input", "", summary.InputShape.ToString(), "0", "");
        foreach (var layer in summary.Layers)
            table.AddRow(layer.Name, layer.Kind, layer.OutputShape.ToString(), Number(layer.ParameterCount), layer.Trainable);
        terminal.Ansi.Write(table);
        terminal.Line(summary.Total);
        if (summary.FreeTime is { } free)
            terminal.Line(free);
        if (summary.SharedWeights is { } shared)
            terminal.Line(shared);
    }

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
