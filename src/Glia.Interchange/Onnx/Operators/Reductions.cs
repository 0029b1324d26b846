using Glia.Replay;
using static Glia.Interchange.Onnx.Operators.Arithmetic;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Reductions over axes. The axes are a setting up to version 12 (of ReduceSum) or 17, and an input since.</summary>
internal static class Reductions
{
    private delegate Tensor Reduction(Tensor x, int[] axes, bool keep);

    public static Operator[] All =>
    [
        Over("ReduceSum", (x, axes, keep) => x.Sum(axes, keep), 0, Whole<Sum>),
        Over("ReduceMean", (x, axes, keep) => x.Mean(axes, keep), double.NaN),
        Over("ReduceMax", (x, axes, keep) => x.Max(axes, keep), double.NegativeInfinity, Whole<Larger>),
        Over("ReduceMin", (x, axes, keep) => x.Min(axes, keep), double.PositiveInfinity, Whole<Smaller>),
        Over("ReduceProd", (x, axes, keep) => x.Product(axes, keep), 1, Whole<Product>),
        Over("ReduceL1", (x, axes, keep) => x.Abs().Sum(axes, keep), 0, (x, axes, keep) => Whole<Sum>(Unary<Elementwise.Absolute>(x), axes, keep)),
        Over("ReduceL2", (x, axes, keep) => x.Norm(axes, 2, keep), 0),
        Over("ReduceSumSquare", (x, axes, keep) => x.Square().Sum(axes, keep), 0, (x, axes, keep) => Whole<Sum>(Binary<Product>("ReduceSumSquare", x, x), axes, keep)),
        Over("ReduceLogSum", (x, axes, keep) => x.Sum(axes, keep).Log(), double.NegativeInfinity),
        Over("ReduceLogSumExp", (x, axes, keep) => x.LogSumExp(axes, keep), double.NegativeInfinity),
        new("ArgMax", 1, "1", "axis:i keepdims:i select_last_index:i", c => ArgExtreme(c, (x, axis) => x.ArgMax(axis, keepDims: true), isLargest: true)),
        new("ArgMin", 1, "1", "axis:i keepdims:i select_last_index:i", c => ArgExtreme(c, (x, axis) => x.ArgMin(axis, keepDims: true), isLargest: false)),
        new("CumSum", 11, "2", "exclusive:i reverse:i", CumSum),
    ];

    public static Tensor Sum(Tensor x, int[] axes) => WholeNumbers.Are(x) && x.Count > 0 ? Whole<Sum>(x, axes, false) : ViaDouble(x, v => v.Sum(axes));

    /// <param name="name">The operator's name.</param>
    /// <param name="reduce">The reduction of real numbers.</param>
    /// <param name="empty">Its result for no elements.</param>
    /// <param name="whole">The reduction of whole numbers; by way of doubles where there is none.</param>
    private static Operator Over(string name, Reduction reduce, double empty, Reduction? whole = null) =>
        new(name, 1, "1-2", "axes:I keepdims:i noop_with_empty_axes:i", c => Reduce(c, reduce, empty, whole));

    private static Value[] Reduce(NodeCall c, Reduction reduce, double empty, Reduction? whole)
    {
        var (x, axes, keep) = (c.X, c.IntsOf(1, "axes") ?? [], c.Flag("keepdims", true));
        if (axes.Length == 0 && c.Flag("noop_with_empty_axes"))
        {
            // Nothing is reduced; the function of each element stays.
            if (c.Node.OpType is "ReduceSum" or "ReduceMean" or "ReduceMax" or "ReduceMin" or "ReduceProd")
                return c.Same(x);
            (x, axes, keep) = (x.Reshape([.. x.Shape.Sizes, 1]), [-1], false);
        }
        if (x.Rank == 0)
            axes = [];
        if (x.Count == 0)
            return c.Same(OfNothing(x, axes, keep, empty));
        return c.Same(whole is not null && WholeNumbers.Are(x) ? Wrap(whole(x, axes, keep), c.Type(0)) : ViaDouble(x, v => reduce(v, axes, keep)));
    }

    private static Tensor OfNothing(Tensor x, int[] axes, bool keep, double empty)
    {
        var shape = ReducedShape(x.Shape, axes, keep, out _);
        return Recorder.Fixed((shape, x.DType, empty), static s => Tensor.Full(s.shape, s.empty, s.DType));
    }

    private static Tensor Whole<TOp>(Tensor x, int[] axes, bool keep)
        where TOp : IBinary => WholeNumbers.Fold<TOp>(x, ReducedShape(x.Shape, axes, keep, out var reduced), reduced);

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

    private static Value[] ArgExtreme(NodeCall c, Func<Tensor, int, Tensor> find, bool isLargest)
    {
        var (x, isLast) = (c.X, c.Flag("select_last_index"));
        var axis = x.Shape.NormalizeAxis(c.Int("axis", 0));
        Tensor index;
        if (isLast || !x.DType.IsFloatingPoint())
        {
            index = Make(x.Shape.With(axis, 1), DType.Int64, (x.Detach(), Axes.Split(x.Shape, axis), isLargest, isLast), static (s, y) =>
            {
                var (x, (_, count, inner), isLargest, isLast) = s;
                for (var line = 0; line < y.Count; line++)
                {
                    var start = (line / inner * count * inner) + (line % inner);
                    var (best, place) = (OrderOf(x, start), 0);
                    for (var i = 1; i < count; i++)
                    {
                        var order = OrderOf(x, start + (i * inner));
                        if (order == best ? isLast : order > best == isLargest)
                            (best, place) = (order, i);
                    }
                    y.AsWritableSpan<long>()[line] = place;
                }
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
        var (isReverse, isExclusive) = (c.Flag("reverse"), c.Flag("exclusive"));
        var x = isReverse ? c.X.Flip(axis) : c.X;
        var y = WholeNumbers.Are(x) ? Wrap(WholeNumbers.RunningSum(x, axis, isExclusive), c.Type(0)) : x.CumulativeSum(axis);
        if (isExclusive && !WholeNumbers.Are(x) && x.Shape[axis] > 0)
            y = y.Slice(axis, 0, x.Shape[axis] - 1).Pad(axis, 1, 0);
        return c.Same(isReverse ? y.Flip(axis) : y);
    }
}
