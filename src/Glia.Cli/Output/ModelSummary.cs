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
        if (CompareWithDense(network) is { } comparison)
            terminal.Line(comparison);
        terminal.Line($"total {Number(network.ParameterCount)} parameters, {Number(trainable)} trainable, {Bytes(network.ParameterCount * 4)} as float32");
    }

    /// <summary>What sharing weights saves: a dense layer has a weight for every pair of input and output, and a bias for every output.</summary>
    private static string? CompareWithDense(SequentialNetwork network)
    {
        var (own, dense) = (0L, 0.0);
        for (var i = 0; i < network.Layers.Count; i++)
        {
            if (network.Layers[i] is not (ConvLayer or SeparableConv2D))
                continue;
            var input = i == 0 ? network.InputShape : network.LayerShapes[i - 1];
            own += network.Layers[i].ParameterCount;
            dense += (input.Count + 1.0) * network.LayerShapes[i].Count;
        }
        return own == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"convolutions: {own:N0} parameters; fully connected layers of the same inputs and outputs would have {dense:N0}");
    }

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):F1} MiB"),
    };
}
