using System.Globalization;
using Glia.Layers;
using Spectre.Console;

namespace Glia.Cli.Output;

/// <summary>A table of the layers: name, kind, output shape, parameters.</summary>
internal static class ModelSummary
{
    public static void Print(Terminal terminal, SequentialNetwork network)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("layer", "kind", "output shape");
        table.AddColumn(new TableColumn("parameters").RightAligned());
        table.AddRow("input", "", network.InputShape.ToString(), "0");
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            table.AddRow(layer.Name, layer.GetType().Name, network.LayerShapes[i].ToString(), Number(layer.ParameterCount));
        }
        terminal.Ansi.Write(table);
        var trainable = network.Parameters.Where(p => p.IsTrainable).Sum(p => (long)p.Count);
        terminal.Line($"total {Number(network.ParameterCount)} parameters, {Number(trainable)} trainable, {Bytes(network.ParameterCount * 4)} as float32");
    }

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):F1} MiB"),
    };
}
