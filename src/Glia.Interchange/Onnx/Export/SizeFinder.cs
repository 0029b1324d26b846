namespace Glia.Interchange.Onnx.Export;

/// <summary>
/// Says sizes in terms of a graph. A size that is the same in all traces is a number; one that differs is an axis of a value at hand, or follows from such axes by a factor, a quotient,
/// a difference or a product.
/// </summary>
internal sealed class SizeFinder
{
    private readonly List<(Func<string> Name, int[] Numbers)> _free = [];

    /// <summary>Makes a free axis of an input known, such as the batch.</summary>
    public void AddFree(GraphWriter graph, AlignedValue input, int axis, string name)
    {
        var numbers = input.Size(axis);
        if (!_free.Exists(f => f.Numbers.SequenceEqual(numbers)))
            _free.Add((() => AxisOf(graph, name, axis), numbers));
    }

    /// <summary>The tensor of one Int64 that holds a size.</summary>
    /// <param name="graph">Where it is needed.</param>
    /// <param name="numbers">The size in each trace.</param>
    /// <param name="near">Values whose axes it may be, with their names.</param>
    /// <exception cref="RefusedException">It follows from the input's sizes in another way.</exception>
    public string Find(GraphWriter graph, int[] numbers, params (AlignedValue Value, string Name)[] near)
    {
        if (AlignedValue.IsSame(numbers))
            return graph.Int64(numbers[0]);
        List<(Func<string> Name, int[] Numbers)> known = [.. _free];
        foreach (var (value, name) in near)
        {
            for (var axis = 0; axis < value.Rank; axis++)
            {
                var at = axis;
                if (!value.IsFixed(axis))
                    known.Add((() => AxisOf(graph, name, at), value.Size(axis)));
            }
        }
        return Exactly(numbers, known) ?? ByFactor(graph, numbers, known) ?? ByProduct(graph, numbers, known) ?? ByOffset(graph, numbers, known)
            ?? throw new RefusedException($"a size ({string.Join(", ", numbers)} for inputs of several sizes) does not follow from the sizes of the input in a way that can be written down. Export with fixed sizes");
    }

    /// <summary>A shape as one Int64 tensor.</summary>
    /// <param name="graph">Where it is needed.</param>
    /// <param name="sizes">The numbers of each axis, in each trace.</param>
    /// <param name="near">Values whose axes they may be.</param>
    public string Shape(GraphWriter graph, IReadOnlyList<int[]> sizes, params (AlignedValue Value, string Name)[] near)
    {
        if (sizes.All(AlignedValue.IsSame))
            return graph.Int64([.. sizes.Select(s => (long)s[0])]);
        string[] parts = [.. sizes.Select(s => Find(graph, s, near))];
        return parts.Length == 1 ? parts[0] : graph.Node("Concat", parts, Attribute.Of("axis", 0));
    }

    public static string AxisOf(GraphWriter graph, string name, int axis) => graph.Once($"size {name} {axis}", () =>
        graph.Node("Shape", [name], Attribute.Of("start", axis), Attribute.Of("end", axis + 1)));

    private static string? Exactly(int[] numbers, List<(Func<string> Name, int[] Numbers)> known) =>
        known.Find(k => k.Numbers.SequenceEqual(numbers)) is { Name: { } name } ? name() : null;

    private static string? ByFactor(GraphWriter graph, int[] numbers, List<(Func<string> Name, int[] Numbers)> known)
    {
        foreach (var (name, of) in known)
        {
            if (of[0] == 0 || numbers[0] == 0)
                continue;
            var (up, down) = (numbers[0] / of[0], of[0] / numbers[0]);
            if (up > 1 && numbers.Zip(of).All(p => p.First == (long)p.Second * up))
                return graph.Node("Mul", [name(), graph.Int64(up)]);
            if (down > 1 && numbers.Zip(of).All(p => (long)p.First * down == p.Second))
                return graph.Node("Div", [name(), graph.Int64(down)]);
        }
        return null;
    }

    private static string? ByProduct(GraphWriter graph, int[] numbers, List<(Func<string> Name, int[] Numbers)> known)
    {
        for (var i = 0; i < known.Count; i++)
        {
            for (var j = i; j < known.Count; j++)
            {
                var product = known[i].Numbers.Zip(known[j].Numbers, (a, b) => (long)a * b).ToArray();
                if (product[0] == 0 || numbers[0] % product[0] != 0)
                    continue;
                var factor = numbers[0] / product[0];
                if (factor < 1 || numbers.Where((n, k) => n != product[k] * factor).Any())
                    continue;
                var name = graph.Node("Mul", [known[i].Name(), known[j].Name()]);
                return factor == 1 ? name : graph.Node("Mul", [name, graph.Int64(factor)]);
            }
        }
        return null;
    }

    private static string? ByOffset(GraphWriter graph, int[] numbers, List<(Func<string> Name, int[] Numbers)> known)
    {
        foreach (var (name, of) in known)
        {
            if (numbers.Zip(of).All(p => p.First - p.Second == numbers[0] - of[0]))
                return graph.Node("Add", [name(), graph.Int64(numbers[0] - of[0])]);
        }
        return null;
    }
}
