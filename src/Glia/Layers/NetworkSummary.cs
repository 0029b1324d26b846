using System.Globalization;
using System.Text;

namespace Glia.Layers;

/// <summary>
/// A network layer by layer: name, kind, output shape, parameters, and whether training changes them; made by <see cref="SequentialNetwork.Summary"/>.
/// <see cref="ToString"/> lays it out as a table.
/// </summary>
public sealed class NetworkSummary
{
    private readonly long _bytes;

    internal NetworkSummary(SequentialNetwork network)
    {
        InputShape = network.InputShape;
        FreeTime = network.HasFreeTime ? $"shapes are those of {Count(network.InputShape[0], "step")}; the number of steps may differ from call to call" : null;
        Layers = [.. network.Layers.Select((layer, i) => new LayerSummary(layer, i == 0 ? network.InputShape : network.LayerShapes[i - 1], network.LayerShapes[i]))];
        _bytes = network.Parameters.Sum(p => (long)p.Count * p.DType.Size());
    }

    /// <summary>The shape of one sample.</summary>
    public Shape InputShape { get; }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>The number of all parameters, trainable and fixed.</summary>
    public long ParameterCount => Layers.Sum(l => l.ParameterCount);

    /// <summary>How many of them training changes.</summary>
    public long TrainableCount => Layers.Sum(l => l.TrainableCount);

    /// <summary>One line: the number of parameters, how many of them are trainable, and their size in memory.</summary>
    public string Total => $"total {Count(ParameterCount, "parameter")}, {Text(TrainableCount)} trainable, {Bytes(_bytes)}";

    /// <summary>
    /// One sentence for a network with convolutions: their parameters against those of fully connected layers between the same shapes
    /// (<see cref="LayerSummary.DenseParameterCount"/>). Those inside residual blocks, branches and <see cref="TimeDistributed"/> count too. Null without a
    /// convolution.
    /// </summary>
    public string? SharedWeights
    {
        get
        {
            (long Own, long Dense)[] convolutions = [.. Layers.SelectMany(l => l.Convolutions)];
            if (convolutions.Length == 0)
                return null;
            var own = convolutions.Sum(c => c.Own);
            var dense = convolutions.Sum(c => (double)c.Dense);
            var (subject, others) = convolutions.Length == 1
                ? ($"{Layers.First(l => l.Convolutions.Count > 0).Name} has", "a dense layer")
                : ($"{convolutions.Length} convolutions have", "dense layers");
            var times = own == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {dense / own:N0} times as many");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"convolution shares its weights: {subject} {Count(own, "parameter")}, {others} between the same shapes would have {dense:N0}{times}");
        }
    }

    /// <summary>One sentence for a network that takes sequences of any number of steps (<see cref="SequentialNetwork.HasFreeTime"/>); null for others.</summary>
    public string? FreeTime { get; }

    /// <summary>
    /// The table as text, a line for the input and one for each layer, then <see cref="Total"/>, <see cref="FreeTime"/> and <see cref="SharedWeights"/>.
    /// </summary>
    public override string ToString()
    {
        List<string[]> rows =
        [
            ["layer", "kind", "output shape", "parameters", "trainable"],
            ["input", "", InputShape.ToString(), "0", ""],
            .. Layers.Select(l => (string[])[l.Name, l.Kind, l.OutputShape.ToString(), Text(l.ParameterCount), l.Trainable]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        const int numbers = 3;
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column == numbers ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
        text.Append(Total);
        if (FreeTime is { } free)
            text.Append('\n').Append(free);
        if (SharedWeights is { } shared)
            text.Append('\n').Append(shared);
        return text.ToString();
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Count(long number, string what) => $"{Text(number)} {what}{(number == 1 ? "" : "s")}";

    private static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):F1} MiB"),
    };
}
