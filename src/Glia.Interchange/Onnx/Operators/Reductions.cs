using Glia.Replay;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Reductions over axes. The axes are a setting up to version 12 (of ReduceSum) or 17, and an input since.</summary>
internal static class Reductions
{
    private delegate Tensor Reduction(Tensor x, int[] axes, bool keep);

    public static Operator[] All =>
    [
        Over("ReduceSum", (x, axes, keep) => x.Sum(axes, keep), 0),
        Over("ReduceMean", (x, axes, keep) => x.Mean(axes, keep), double.NaN),
        Over("ReduceMax", (x, axes, keep) => x.Max(axes, keep), double.NegativeInfinity),
        Over("ReduceMin", (x, axes, keep) => x.Min(axes, keep), double.PositiveInfinity),
        Over("ReduceProd", (x, axes, keep) => x.Product(axes, keep), 1),
        Over("ReduceL1", (x, axes, keep) => x.Abs().Sum(axes, keep), 0),
        Over("ReduceL2", (x, axes, keep) => x.Norm(axes, 2, keep), 0),
        Over("ReduceSumSquare", (x, axes, keep) => x.Square().Sum(axes, keep), 0),
        Over("ReduceLogSum", (x, axes, keep) => x.Sum(axes, keep).Log(), double.NegativeInfinity),
        Over("ReduceLogSumExp", (x, axes, keep) => x.LogSumExp(axes, keep), double.NegativeInfinity),
        new("ArgMax", 1, "1", "axis:i keepdims:i select_last_index:i", c => ArgExtreme(c, (x, axis) => x.ArgMax(axis, keepDims: true))),
        new("ArgMin", 1, "1", "axis:i keepdims:i select_last_index:i", c => ArgExtreme(c, (x, axis) => x.ArgMin(axis, keepDims: true))),
        new("CumSum", 11, "2", "exclusive:i reverse:i", CumSum),
    ];

    private static Operator Over(string name, Reduction reduce, double empty) =>
        new(name, 1, "1-2", "axes:I keepdims:i noop_with_empty_axes:i", c => Reduce(c, reduce, empty));

    private static Value[] Reduce(NodeCall c, Reduction reduce, double empty)
    {
        var axes = c.IntsOf(1, "axes") ?? [];
        if (axes.Length == 0 && c.Flag("noop_with_empty_axes"))
        {
            // Nothing is reduced; the function of each element stays.
            return c.Same(c.Node.OpType is "ReduceSum" or "ReduceMean" or "ReduceMax" or "ReduceMin" or "ReduceProd" ? c.X : reduce(c.X.Reshape([.. c.X.Shape.Sizes, 1]), [-1], false));
        }
        var keep = c.Flag("keepdims", true);
        if (c.X.Rank == 0)
            axes = [];
        if (c.X.Count == 0)
            return c.Same(OfNothing(c.X, axes, keep, empty));
        // Whole numbers that a double does not hold exactly are summed as they are.
        if (c.X.DType == DType.Int64 && c.Node.OpType is ("ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceProd"))
            return c.Same(OfLongs(c.X, axes, keep, c.Node.OpType));
        return c.Same(ViaDouble(c.X, x => reduce(x, axes, keep)));
    }

    private static Tensor OfNothing(Tensor x, int[] axes, bool keep, double empty)
    {
        var shape = ReducedShape(x.Shape, axes, keep, out _);
        return Recorder.Fixed((shape, x.DType, empty), static s => Tensor.Full(s.shape, s.empty, s.DType));
    }

    private static Tensor OfLongs(Tensor x, int[] axes, bool keep, string name)
    {
        var shape = ReducedShape(x.Shape, axes, keep, out var reduced);
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(d => !reduced[d]), .. Enumerable.Range(0, x.Rank).Where(d => reduced[d])];
        var rows = x.Permute(order);
        return Make(shape, DType.Int64, (rows, name), static (s, y) =>
        {
            var count = y.Count == 0 ? 0 : s.rows.Count / y.Count;
            for (var row = 0; row < y.Count; row++)
            {
                var values = s.rows.AsSpan<long>().Slice(row * count, count);
                var result = values[0];
                foreach (var value in values[1..])
                {
                    result = s.name switch
                    {
                        "ReduceSum" => unchecked(result + value),
                        "ReduceProd" => unchecked(result * value),
                        "ReduceMax" => Math.Max(result, value),
                        _ => Math.Min(result, value),
                    };
                }
                y.AsWritableSpan<long>()[row] = result;
            }
        });
    }

    private static Shape ReducedShape(Shape shape, int[] axes, bool keep, out bool[] reduced)
    {
        var marks = new bool[shape.Rank];
        if (axes.Length == 0)
            Array.Fill(marks, true);
        foreach (var axis in axes)
            marks[shape.NormalizeAxis(axis)] = true;
        reduced = marks;
        var sizes = shape.Sizes.ToArray();
        return new(keep ? [.. sizes.Select((s, d) => marks[d] ? 1 : s)] : [.. sizes.Where((_, d) => !marks[d])]);
    }

    private static Value[] ArgExtreme(NodeCall c, Func<Tensor, int, Tensor> find)
    {
        var x = c.X.DType.IsFloatingPoint() ? c.X : c.X.To(DType.Float64);
        var axis = x.Shape.NormalizeAxis(c.Int("axis", 0));
        Tensor index;
        if (c.Flag("select_last_index"))
        {
            var size = x.Shape[axis];
            index = Make(x.Shape.With(axis, 1), DType.Int64, (find(x.Detach().Flip(axis), axis), size), static (s, y) =>
            {
                for (var i = 0; i < y.Count; i++)
                    y.AsWritableSpan<long>()[i] = s.size - 1 - s.Item1.AsSpan<long>()[i];
            });
        }
        else
        {
            index = find(x, axis);
        }
        return [Value.Of(c.Flag("keepdims", true) ? index : index.Reshape(index.Shape.Without(axis)))];
    }

    private static Value[] CumSum(NodeCall c)
    {
        var axis = c.X.Shape.NormalizeAxis((int)c.Number(1));
        var isReverse = c.Flag("reverse");
        var x = isReverse ? c.X.Flip(axis) : c.X;
        var y = ViaDouble(x, v =>
        {
            var sums = v.CumulativeSum(axis);
            return c.Flag("exclusive") && v.Shape[axis] > 0 ? sums.Slice(axis, 0, v.Shape[axis] - 1).Pad(axis, 1, 0) : sums;
        });
        return c.Same(isReverse ? y.Flip(axis) : y);
    }
}
