using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Elements chosen by indices. The indices are made by a program; the elements are moved by Glia's operations, so that gradients flow.</summary>
internal static class Selection
{
    public static Operator[] All =>
    [
        new("Gather", 1, "2", "axis:i", Gather),
        new("GatherElements", 11, "2", "axis:i", c => c.Same(c.X.Gather(Axis(c), Indices(c.In(1), c.X.Shape[Axis(c)])))),
        new("GatherND", 11, "2", "batch_dims:i", GatherND),
        .. Scattering.All,
        new("Compress", 9, "2", "axis:i", Compress),
        new("NonZero", 9, "1", "", NonZero),
        new("TopK", 1, "1-2", "axis:i k:i largest:i sorted:i", TopK),
        new("Unique", 11, "1", "axis:i sorted:i", Unique),
        Suppression.NonMaxSuppression,
    ];

    private static int Axis(NodeCall c) => c.X.Shape.NormalizeAxis(c.Int("axis", 0));

    private static Value[] Gather(NodeCall c)
    {
        var axis = Axis(c);
        var indices = Indices(c.In(1), c.X.Shape[axis]);
        var y = c.X.IndexSelect(axis, indices.Reshape(indices.Count));
        return c.Same(y.Reshape(new Shape([.. c.X.Shape.Sizes[..axis], .. c.In(1).Shape.Sizes, .. c.X.Shape.Sizes[(axis + 1)..]])));
    }

    private static Value[] GatherND(NodeCall c)
    {
        var (x, indices, batchAxes) = (c.X, c.In(1), c.Int("batch_dims", 0));
        var depth = indices.Shape[-1];
        if (batchAxes < 0 || batchAxes >= indices.Rank || batchAxes + depth > x.Rank || !x.Shape.Sizes[..batchAxes].SequenceEqual(indices.Shape.Sizes[..batchAxes]))
            throw new ArgumentException($"indices that fit {x.Shape} were expected but got {indices.Shape} with batch_dims {batchAxes}.");
        var slice = x.Shape.From(batchAxes + depth);
        var rows = FlatIndices(x.Shape, indices, batchAxes);
        var table = x.Reshape(new Shape([new Shape(x.Shape.Sizes[..(batchAxes + depth)]).Count, .. slice.Sizes]));
        return c.Same(table.IndexSelect(0, rows).Reshape(new Shape([.. indices.Shape.Sizes[..^1], .. slice.Sizes])));
    }

    /// <summary>Which slice of a tensor each row of indices means; the first axes count along.</summary>
    public static Tensor FlatIndices(Shape shape, Tensor indices, int batchAxes)
    {
        var depth = indices.Shape[-1];
        var rows = new Shape(indices.Shape.Sizes[..^1]).Count;
        return Make(rows, DType.Int64, (shape, indices.To(DType.Int64).Detach(), batchAxes, depth), static (s, y) =>
        {
            var (shape, indices, batchAxes, depth) = s;
            var batches = new Shape(shape.Sizes[..batchAxes]).Count;
            var perBatch = batches == 0 ? 0 : y.Count / batches;
            for (var row = 0; row < y.Count; row++)
            {
                var at = batchAxes == 0 ? 0L : row / perBatch;
                for (var d = 0; d < depth; d++)
                {
                    var size = shape[batchAxes + d];
                    var index = indices.AsSpan<long>()[(row * depth) + d];
                    if (index < -size || index >= size)
                        throw new ArgumentException($"index {index} is out of range for axis {batchAxes + d} of {shape}.");
                    at = (at * size) + (index < 0 ? index + size : index);
                }
                y.AsWritableSpan<long>()[row] = at;
            }
        });
    }

    private static Value[] Compress(NodeCall c)
    {
        var isFlat = !c.Attributes.Has("axis");
        var x = isFlat ? c.X.Reshape(c.X.Count) : c.X;
        var axis = isFlat ? 0 : Axis(c);
        var kept = NodeCall.Read(c.Value(1), static t => t.ToArray<bool>());
        long[] places = [.. Enumerable.Range(0, Math.Min(kept.Length, x.Shape[axis])).Where(i => kept[i]).Select(i => (long)i)];
        return c.Same(x.IndexSelect(axis, Tensor.From(places)));
    }

    private static Value[] NonZero(NodeCall c)
    {
        var x = c.X;
        int[] places = [.. NodeCall.Read(c.Value(0), static t => Enumerable.Range(0, t.Count).Where(i => t.GetFlat(i) != 0).ToArray())];
        var y = new long[x.Rank * places.Length];
        var step = 1;
        for (var d = x.Rank - 1; d >= 0; d--)
        {
            for (var i = 0; i < places.Length; i++)
                y[(d * places.Length) + i] = places[i] / step % x.Shape[d];
            step *= x.Shape[d];
        }
        return [Value.Of(Tensor.From(y, new Shape(x.Rank, places.Length)))];
    }

    private static Value[] TopK(NodeCall c)
    {
        var axis = c.X.Shape.NormalizeAxis(c.Int("axis", -1));
        var k = c.Has(1) ? (int)Math.Clamp(c.Number(1), 0, int.MaxValue) : c.Int("k", 1);
        if (k > c.X.Shape[axis])
            throw new ArgumentException($"k = {k} is more than axis {axis} of {c.X.Shape} has.");
        var isLargest = c.Flag("largest", true);
        var (outer, count, inner) = Axes.Split(c.X.Shape, axis);
        var indices = Make(c.X.Shape.With(axis, k), DType.Int64, (c.X.Detach(), isLargest, outer, count, inner, k), static (s, y) =>
        {
            var (x, isLargest, outer, count, inner, k) = s;
            var (orders, places) = (new long[count], new int[count]);
            for (var o = 0; o < outer; o++)
            {
                for (var i = 0; i < inner; i++)
                {
                    for (var j = 0; j < count; j++)
                    {
                        var order = OrderOf(x, (((o * count) + j) * inner) + i);
                        (orders[j], places[j]) = (isLargest ? ~order : order, j);
                    }
                    // Of equal ones the first comes first.
                    Array.Sort(places, (a, b) => orders[a].CompareTo(orders[b]) is var order && order != 0 ? order : a.CompareTo(b));
                    for (var j = 0; j < k; j++)
                        y.AsWritableSpan<long>()[(((o * k) + j) * inner) + i] = places[j];
                }
            }
        });
        return [new(c.X.Gather(axis, indices), c.Type(0)), Value.Of(indices)];
    }

    private static Value[] Unique(NodeCall c)
    {
        var isFlat = !c.Attributes.Has("axis");
        var x = isFlat ? c.X.Reshape(c.X.Count) : c.X;
        var axis = isFlat ? 0 : Axis(c);
        var rows = axis == 0 ? x : x.Permute([axis, .. Enumerable.Range(0, x.Rank).Where(d => d != axis)]);
        var (count, width) = (rows.Shape[0], rows.Shape.From(1).Count);
        var orders = Enumerable.Range(0, rows.Count).Select(i => OrderOf(rows, i)).ToArray();
        var groups = new List<(int First, int Count)>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var group = new int[count];
        for (var r = 0; r < count; r++)
        {
            var key = string.Join(',', orders.AsSpan(r * width, width).ToArray());
            if (!known.TryGetValue(key, out var g))
            {
                known[key] = g = groups.Count;
                groups.Add((r, 0));
            }
            groups[g] = (groups[g].First, groups[g].Count + 1);
            group[r] = g;
        }
        var order = Enumerable.Range(0, groups.Count).ToArray();
        if (c.Flag("sorted", true))
        {
            Array.Sort(order, (a, b) => orders.AsSpan(groups[a].First * width, width).SequenceCompareTo(orders.AsSpan(groups[b].First * width, width)));
        }
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            rank[order[i]] = i;
        long[] first = [.. order.Select(g => (long)groups[g].First)];
        return
        [
            new(x.IndexSelect(axis, Tensor.From(first)), c.Type(0)),
            Value.Of(Tensor.From(first)),
            Value.Of(Tensor.From([.. group.Select(g => (long)rank[g])])),
            Value.Of(Tensor.From([.. order.Select(g => (long)groups[g].Count)])),
        ];
    }
}
