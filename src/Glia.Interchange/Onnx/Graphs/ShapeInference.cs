using System.Globalization;
using Glia.Kernels;
using Glia.Layers;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>
/// The shapes of every value, found by running the graph on zeros: once with all free sizes alike, then with each of them one larger. A size that grows by k when a free size n
/// grows by 1 is k·n plus a constant. So every operator's own shape rule serves, and there is no second one to keep true.
/// </summary>
internal static class ShapeInference
{
    // A small file cannot ask for much; activations of images are larger than the weights.
    private const long SmallestLimit = 256 << 20;
    private const int BytesPerWeight = 256;

    // Large enough for the kernels of most models; the first that runs counts.
    private static readonly int[] Bases = [2, 16, 65];

    /// <summary>Null when the graph does not run on zeros of any of the sizes that are tried.</summary>
    public static IReadOnlyList<OnnxTensorInfo>? Run(Graph graph)
    {
        foreach (var size in Bases)
        {
            try
            {
                return Run(graph, size);
            }
            catch (Exception error) when (error is OnnxException or ArgumentException or OverflowException or MemoryLimitException)
            {
                // A kernel may need larger images, or zeros may be no sensible input.
            }
        }
        return null;
    }

    private static List<OnnxTensorInfo>? Run(Graph graph, int size)
    {
        string[] free = [.. graph.Inputs.SelectMany(i => (i.Sizes ?? []).Select((s, d) => s.Size is null ? SymbolOf(i, d) : null)).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (graph.Inputs.Any(i => i.Sizes is null))
            return null;
        var all = Shapes(graph, _ => size);
        var grown = free.Select(symbol => Shapes(graph, s => s == symbol ? size + 1 : size)).ToArray();
        return [.. all.Select((value, i) => new OnnxTensorInfo(value.Name, value.Type, [.. value.Shape.Sizes.ToArray().Select((now, d) => SizeOf(now, d, i))]))];

        OnnxSize SizeOf(int now, int axis, int value)
        {
            var terms = new List<string>();
            var rest = now;
            for (var f = 0; f < free.Length; f++)
            {
                // Another rank for another size cannot be said in symbols.
                if (grown[f].Count <= value || grown[f][value].Shape.Rank != all[value].Shape.Rank)
                    return new(null, null);
                var slope = grown[f][value].Shape[axis] - now;
                rest -= slope * size;
                if (slope != 0)
                    terms.Add(slope == 1 ? free[f] : $"{slope.ToString(CultureInfo.InvariantCulture)}·{free[f]}");
            }
            if (terms.Count == 0)
                return new(now, null);
            if (rest != 0)
                terms.Add(rest.ToString(CultureInfo.InvariantCulture));
            return new(null, string.Join(" + ", terms).Replace("+ -", "− ", StringComparison.Ordinal));
        }
    }

    private static List<(string Name, OnnxElementType Type, Shape Shape)> Shapes(Graph graph, Func<string, int> sizeOf)
    {
        using var limit = MemoryLimit.Of(SmallestLimit + graph.Constants.Values.Sum(v => (long)v.Tensor.Count) * BytesPerWeight);
        using var noGradients = Gradients.NoGrad();
        using var scope = new TensorScope();
        var inputs = graph.Inputs.Select(i => Tensor.Zeros(
            new Shape([.. i.Sizes!.Select((s, d) => s.Size is { } fixedSize ? checked((int)fixedSize) : sizeOf(SymbolOf(i, d)))]), i.Type.Storage())).ToArray();
        var shapes = new List<(string, OnnxElementType, Shape)>();
        GraphRunner.Run(graph, inputs, ForwardContext.Inference, watch: (node, outputs) =>
        {
            for (var i = 0; i < Math.Min(outputs.Length, node.Outputs.Length); i++)
            {
                if (node.Outputs[i].Length > 0)
                    shapes.Add((node.Outputs[i], outputs[i].Type, outputs[i].Shape));
            }
        });
        return shapes;
    }

    private static string SymbolOf(OnnxTensorInfo input, int axis) => input.Sizes![axis].Symbol is { Length: > 0 } symbol ? symbol : $"{input.Name}.{axis.ToString(CultureInfo.InvariantCulture)}";
}
