using System.Globalization;

namespace Glia.Interchange;

/// <summary>PyTorch's names and layouts as Glia's, see <see cref="WeightNames.PyTorch"/>.</summary>
internal static class PyTorchNames
{
    private const string BatchCount = "num_batches_tracked";
    private const string Reverse = "_reverse";
    private const int GruGates = 3;

    private static readonly string[] Wrappers = ["module.", "_orig_mod."];
    private static readonly string[] Recurrent = ["weight_ih", "weight_hh", "weight_hr", "bias_ih", "bias_hh"];

    /// <summary>Translates all names of a file.</summary>
    /// <param name="sources">The tensors.</param>
    /// <param name="own">The model's own names, which stay as they are.</param>
    /// <param name="leftOut">Where the names are added that Glia does not need.</param>
    public static IReadOnlyList<WeightSource> Translate(IReadOnlyList<WeightSource> sources, HashSet<string> own, List<string> leftOut)
    {
        var cells = Unwrap(sources, own).Select(s => (Source: s, Place: PlaceOf(s.Name))).ToList();
        // Layers of several directions or levels have names of their own for each.
        var bidirectional = Layers(c => c.IsReverse);
        var stacked = Layers(c => c.Level > 0);
        var result = new List<WeightSource>();
        foreach (var (source, place) in cells)
        {
            if (LastPart(source.Name) == BatchCount && !own.Contains(source.Name))
                leftOut.AddRange(source.Origins);
            else if (place is null)
                result.Add(source);
        }
        foreach (var cell in cells.Where(c => c.Place is not null).GroupBy(c => (c.Place!.Value.Layer, c.Place.Value.Level, c.Place.Value.IsReverse)))
        {
            if (cell.All(c => own.Contains(c.Source.Name)))
            {
                result.AddRange(cell.Select(c => c.Source));
                continue;
            }
            var (layer, level, isReverse) = cell.Key;
            var prefix = stacked.Contains(layer) ? string.Create(CultureInfo.InvariantCulture, $"{layer}l{level ?? 0}.") : layer;
            if (bidirectional.Contains(layer))
                prefix += isReverse ? "backward." : "forward.";
            result.AddRange(Merge(cell.ToDictionary(c => c.Place!.Value.Kind, c => c.Source, StringComparer.Ordinal), prefix));
        }
        return result;

        HashSet<string> Layers(Func<Place, bool> isSo) =>
            cells.Where(c => c.Place is { } p && isSo(p)).Select(c => c.Place!.Value.Layer).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Without what wrappers of a model put before all names; a child of the model that is called like one stays.</summary>
    private static IEnumerable<WeightSource> Unwrap(IReadOnlyList<WeightSource> sources, HashSet<string> own)
    {
        var (length, longest) = (0, own.Select(n => n.Length).DefaultIfEmpty().Max());
        while (!sources.Any(IsOwn)
            && Array.Find(Wrappers, w => sources.Count > 0 && sources.All(s => s.Name.AsSpan(length).StartsWith(w, StringComparison.Ordinal) && s.Name.Length > length + w.Length)) is { } wrapper)
        {
            length += wrapper.Length;
        }
        return sources.Select(s => s with { Name = s.Name[length..] });

        bool IsOwn(WeightSource source) => source.Name.Length - length <= longest && own.Contains(source.Name[length..]);
    }

    /// <summary>The weights of one cell: two biases become one, and what a GRU multiplies by its reset gate.</summary>
    private static IEnumerable<WeightSource> Merge(Dictionary<string, WeightSource> cell, string prefix)
    {
        foreach (var kind in (string[])["weight_ih", "weight_hh", "weight_hr"])
        {
            if (cell.TryGetValue(kind, out var weight))
                yield return weight with { Name = prefix + kind };
        }
        if (!cell.TryGetValue("bias_ih", out var input) || !cell.TryGetValue("bias_hh", out var hidden) || input.Shape != hidden.Shape || input.Shape.Rank != 1)
        {
            foreach (var kind in (string[])["bias_ih", "bias_hh"])
            {
                if (cell.TryGetValue(kind, out var bias))
                    yield return bias with { Name = prefix + kind };
            }
            yield break;
        }
        var isGru = !cell.ContainsKey("weight_hr") && cell.TryGetValue("weight_hh", out var square) && square.Shape.Rank == 2 && square.Shape[0] == (long)GruGates * square.Shape[1];
        if (!isGru)
        {
            yield return input.Plus(hidden, $"{prefix}bias");
            yield break;
        }
        var units = input.Shape.Count / GruGates;
        yield return input.Computed([.. input.Origins, .. hidden.Origins], () => GruBias(input.Read(), hidden.Read(), units), $"{prefix}bias");
        yield return hidden.Tail(units, $"{prefix}bias_hh_n");
    }

    /// <summary>Both biases of the reset and update gates, the input's of the proposal.</summary>
    private static Tensor GruBias(Tensor input, Tensor hidden, int units)
    {
        var gates = (GruGates - 1) * units;
        return Tensor.Concat(0, input.Slice(0, 0, gates) + hidden.Slice(0, 0, gates), input.Slice(0, gates, units));
    }

    /// <summary>Where a recurrent weight belongs, of a layer (<c>weight_ih_l0_reverse</c>) or a cell with two biases (<c>bias_ih</c>); null for other names.</summary>
    private static Place? PlaceOf(string name)
    {
        var last = LastPart(name);
        var layer = name[..^last.Length];
        var isReverse = last.EndsWith(Reverse, StringComparison.Ordinal);
        var rest = isReverse ? last[..^Reverse.Length] : last;
        foreach (var kind in Recurrent)
        {
            if (rest == kind && !isReverse)
                return new(layer, null, false, kind);
            if (rest.StartsWith(kind, StringComparison.Ordinal) && rest.AsSpan(kind.Length).StartsWith("_l", StringComparison.Ordinal)
                && int.TryParse(rest.AsSpan(kind.Length + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var level)
                && rest.Length == kind.Length + 2 + level.ToString(CultureInfo.InvariantCulture).Length)
            {
                return new(layer, level, isReverse, kind);
            }
        }
        return null;
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];

    private readonly record struct Place(string Layer, int? Level, bool IsReverse, string Kind);
}
