namespace Glia.Interchange;

/// <summary>From the tensors of a file to the names of a model: the part, PyTorch's names, the map, and what fits.</summary>
internal sealed class WeightLoading(WeightFile file, WeightLoadOptions options)
{
    private readonly List<string> _leftOut = [];

    /// <summary>Loads what fits, if all that does not is allowed.</summary>
    public WeightLoadResult Into(IReadOnlyDictionary<string, Tensor> state)
    {
        var sources = Map(Translate(Select(), state.Keys));
        var missing = state.Keys.Where(k => !sources.ContainsKey(k)).ToList();
        var unexpected = sources.Where(s => !state.ContainsKey(s.Key)).ToList();
        var misshapen = new List<(string Name, string Text)>();
        var fitting = new List<(Tensor Target, WeightSource Source)>();
        foreach (var (name, target) in state)
        {
            if (!sources.TryGetValue(name, out var source))
                continue;
            if (source.Shape == target.Shape && source.IsFloat == target.DType.IsFloatingPoint())
                fitting.Add((target, source));
            else
                misshapen.Add((name, $"{SafetensorsHeader.Quote(name)} expects {target.Shape} but got {source.Shape}{(source.Shape == target.Shape ? " of another kind of numbers" : "")}"));
        }
        Refuse(
            options.AllowMissing ? [] : missing.Select(k => $"missing {SafetensorsHeader.Quote(k)} {state[k].Shape}"),
            options.AllowUnexpected ? [] : unexpected.Select(s => $"unexpected {SafetensorsHeader.Quote(s.Key)} {s.Value.Shape}"),
            options.AllowMisshapen ? [] : misshapen.Select(m => m.Text));
        if (fitting.Count == 0 && state.Count > 0)
            throw Fail($"none of its {file.Entries.Count} tensors fits a name of the model, such as {SafetensorsHeader.Quote(state.Keys.First())}; nothing was loaded. Map names that differ (old=new).");
        // Everything is read before anything is changed: a file that turns out damaged leaves the model as it was.
        using var noGrad = Gradients.NoGrad();
        var values = fitting.ConvertAll(f => (f.Target, Value: f.Source.Read().To(f.Target.DType)));
        foreach (var (target, value) in values)
            target.CopyFrom(value);
        return new(
            [.. fitting.Select(f => (f.Source.Name, f.Source.Origins))],
            missing,
            [.. unexpected.SelectMany(s => s.Value.Origins)],
            [.. misshapen.Select(m => m.Text)],
            _leftOut);
    }

    /// <summary>The tensors under their new names, for no model.</summary>
    public IReadOnlyCollection<WeightSource> Sources() => Map(Translate(Select(), [])).Values;

    private List<WeightSource> Select()
    {
        if ((options.Part ?? OnlyPart()) is not { Length: > 0 } part)
            return [.. file.Entries.Select(e => WeightSource.Of(file, e, e.Name))];
        var prefix = $"{part}.";
        var selected = file.Entries.Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(e => WeightSource.Of(file, e, e.Name[prefix.Length..])).ToList();
        if (selected.Count > 0)
            return selected;
        var parts = file.Parts.Count > 0 ? file.Parts : [.. file.Entries.Select(e => e.Name.Split('.')[0]).Distinct(StringComparer.Ordinal)];
        throw Fail($"it has no part {SafetensorsHeader.Quote(part)}; its parts are {List(parts)}.");
    }

    private string? OnlyPart() => file.Parts.Count < 2
        ? file.Parts is [var only] ? only : null
        : throw Fail($"it holds several dictionaries of tensors, {List(file.Parts)}; say which part to load, such as {SafetensorsHeader.Quote(file.Parts[0])}.");

    private IReadOnlyList<WeightSource> Translate(IReadOnlyList<WeightSource> sources, IEnumerable<string> own) =>
        options.Names == WeightNames.PyTorch ? PyTorchNames.Translate(sources, own.ToHashSet(StringComparer.Ordinal), _leftOut) : sources;

    private SortedDictionary<string, WeightSource> Map(IReadOnlyList<WeightSource> sources)
    {
        if (options.Map is { } map && map.Unused([.. sources.Select(s => s.Name)]).ToList() is { Count: > 0 } unused)
            throw Fail($"no tensor has a name that fits {List(unused)} of the map; the names are {List([.. sources.Select(s => s.Name)])}.");
        var result = new SortedDictionary<string, WeightSource>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            var mapped = source;
            if (options.Map?.Find(source.Name) is { } rule)
            {
                if (rule.New.Length == 0)
                {
                    _leftOut.AddRange(source.Origins);
                    continue;
                }
                mapped = (rule.Transpose ? source.Transposed() : source) with { Name = rule.Apply(source.Name) };
            }
            if (!result.TryAdd(mapped.Name, mapped))
            {
                throw Fail($"both {List(result[mapped.Name].Origins)} and {List(source.Origins)} would be loaded as {SafetensorsHeader.Quote(mapped.Name)}; "
                    + "leave one of them out (old=).");
            }
        }
        return result;
    }

    private void Refuse(IEnumerable<string> missing, IEnumerable<string> unexpected, IEnumerable<string> misshapen)
    {
        List<string> problems = [.. missing, .. unexpected, .. misshapen];
        if (problems.Count > 0)
            throw Fail($"it does not fit the model: {string.Join("; ", problems)}. Map names that differ (old=new), or allow what is meant (missing, unexpected, misshapen); nothing was loaded.");
    }

    /// <summary>It is not the file that is at fault, but that it and the model do not fit.</summary>
    private WeightFileException Fail(string problem) => new($"{file.Source}: {problem}");

    private static string List(IReadOnlyList<string> names)
    {
        const int shown = 20;
        return string.Join(", ", names.Take(shown).Select(SafetensorsHeader.Quote)) + (names.Count > shown ? $" and {names.Count - shown} more" : "");
    }
}
