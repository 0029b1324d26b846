using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Elements put, or added, where indices say.</summary>
internal static class Scattering
{
    private const string Reduction = "reduction:s=none|add|mul|max|min";

    public static Operator[] All =>
    [
        new("Scatter", 9, "3", "axis:i", ScatterElements),
        new("ScatterElements", 11, "3", "axis:i " + Reduction, ScatterElements),
        new("ScatterND", 11, "3", Reduction, ScatterND),
    ];

    private static Value[] ScatterElements(NodeCall c)
    {
        var (x, indices, updates) = (c.X, c.In(1), c.In(2));
        var axis = x.Shape.NormalizeAxis(c.Int("axis", 0));
        if (indices.Shape != updates.Shape || indices.Rank != x.Rank)
            throw new ArgumentException($"indices and updates of one shape with {x.Rank} axes were expected but got {indices.Shape} and {updates.Shape}.");
        var normal = Indices(indices, x.Shape[axis]);
        var places = Make(indices.Count, DType.Int64, (normal, x.Shape, axis), static (s, y) =>
        {
            var (indices, shape, axis) = s;
            var strides = shape.Strides();
            for (var i = 0; i < y.Count; i++)
            {
                var (rest, at) = (i, 0L);
                for (var d = shape.Rank - 1; d >= 0; d--)
                {
                    var own = rest % indices.Shape[d];
                    rest /= indices.Shape[d];
                    at += (d == axis ? indices.AsSpan<long>()[i] : own) * strides[d];
                }
                y.AsWritableSpan<long>()[i] = at;
            }
        });
        return c.Same(Wrap(Put(x.Reshape(x.Count), places, updates.Reshape(updates.Count), c.Text("reduction", "none")).Reshape(x.Shape), c.Type(0)));
    }

    private static Value[] ScatterND(NodeCall c)
    {
        var (x, indices, updates) = (c.X, c.In(1), c.In(2));
        var depth = indices.Shape[-1];
        if (depth > x.Rank || updates.Shape != new Shape([.. indices.Shape.Sizes[..^1], .. x.Shape.Sizes[depth..]]))
            throw new ArgumentException($"indices and updates that fit {x.Shape} were expected but got {indices.Shape} and {updates.Shape}.");
        var slice = x.Shape.From(depth);
        var rows = Selection.FlatIndices(x.Shape, indices, 0);
        var table = x.Reshape(new Shape([new Shape(x.Shape.Sizes[..depth]).Count, .. slice.Sizes]));
        return c.Same(Wrap(Put(table, rows, updates.Reshape(new Shape([rows.Count, .. slice.Sizes])), c.Text("reduction", "none")).Reshape(x.Shape), c.Type(0)));
    }

    /// <summary>Rows of a table replaced by updates, or combined with them.</summary>
    private static Tensor Put(Tensor table, Tensor places, Tensor updates, string reduction)
    {
        if (updates.Count == 0 || table.Count == 0)
            return table;
        var rows = table.Shape[0];
        if (reduction == "none")
        {
            // For each row the update that comes to it last, if any.
            var source = Make(rows, DType.Int64, places, static (places, y) =>
            {
                y.FillInPlace(-1);
                for (var i = 0; i < places.Count; i++)
                    y.AsWritableSpan<long>()[(int)places.AsSpan<long>()[i]] = i;
            });
            var isPut = Tensor.GreaterOrEqual(source, Scalar(0, DType.Int64)).Reshape([rows, .. Enumerable.Repeat(1, table.Rank - 1)]);
            var chosen = updates.IndexSelect(0, Map(source, DType.Int64, static i => Math.Max(0, i)));
            return Tensor.Where(isPut, chosen, table);
        }
        if (reduction == "add" && table.DType.IsFloatingPoint())
            return table + new IndexSelectOperation(0, rows, transposed: true).Apply(updates, places);
        return Make(table.Shape, table.DType, (table.Detach(), places, updates.Detach(), reduction), static (s, y) =>
        {
            var (table, places, updates, reduction) = s;
            y.CopyFrom(table);
            var width = table.Count / table.Shape[0];
            for (var i = 0; i < updates.Count; i++)
            {
                var at = (int)(places.AsSpan<long>()[i / width] * width) + (i % width);
                if (y.DType == DType.Int64)
                {
                    ref var target = ref y.AsWritableSpan<long>()[at];
                    target = Combine(reduction, target, updates.AsSpan<long>()[i]);
                }
                else if (y.DType == DType.Int32)
                {
                    ref var target = ref y.AsWritableSpan<int>()[at];
                    target = Combine(reduction, target, updates.AsSpan<int>()[i]);
                }
                else
                {
                    y.SetFlat(at, Combine(reduction, y.GetFlat(at), updates.GetFlat(i)));
                }
            }
        });
    }

    private static T Combine<T>(string reduction, T a, T b)
        where T : System.Numerics.INumber<T> => reduction switch
        {
            "add" => unchecked(a + b),
            "mul" => unchecked(a * b),
            "max" => T.Max(a, b),
            _ => T.Min(a, b),
        };
}
