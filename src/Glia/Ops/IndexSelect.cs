using Glia.Autograd;
using Glia.Backends;
using Glia.Replay;
using Glia.Tracing;

namespace Glia;

/// <summary>Slices along an axis chosen by indices, y[o, j, i] = x[o, index[j], i]; or, transposed, slices added up where the indices say.</summary>
internal sealed class IndexSelectOperation(int axis, int size, bool transposed) : Operation
{
    public override string Name => transposed ? "IndexAdd" : "IndexSelect";

    public int Axis => axis;

    public bool IsTransposed => transposed;

    public override bool MixesDTypes => true;

    public override Shape OutputShape(Tensor[] x)
    {
        if (x[1].Rank != 1)
            throw ShapeException.Of(Name, "one axis of indices", $"{x[1].Shape}");
        Indices.Check(Name, x[1], size);
        return x[0].Shape.With(axis, transposed ? size : x[1].Count);
    }

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var (outer, _, inner) = Axes.Split(x[0].Shape, axis);
        if (transposed)
            backend.IndexAdd(outer, size, inner, x[0], x[1], y);
        else
            backend.IndexSelect(outer, size, inner, x[0], x[1], y);
    }

    public override Tensor? InputGradient(int i, Tensor y, Tensor dy) => i == 0 ? new IndexSelectOperation(axis, size, !transposed).Apply(dy, Inputs[1]) : null;

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => new IndexSelectOperation(axis, size, transposed).Apply(tangents[0]!, Inputs[1]);
}

/// <summary>Elements chosen one by one along an axis, y[o, j, i] = x[o, index[o, j, i], i]; or, transposed, elements added up where the indices say.</summary>
internal sealed class GatherOperation(int axis, int size, bool transposed) : Operation
{
    public override string Name => transposed ? "ScatterAdd" : "Gather";

    public int Axis => axis;

    public bool IsTransposed => transposed;

    public override bool MixesDTypes => true;

    public override Shape OutputShape(Tensor[] x)
    {
        var expected = transposed ? x[1].Shape : x[0].Shape.With(axis, x[1].Rank == x[0].Rank ? x[1].Shape[axis] : 0);
        if (x[1].Shape != expected || (transposed && x[0].Shape != x[1].Shape))
            throw ShapeException.Of(Name, $"indices whose shape is the input's but for axis {axis}", $"{x[0].Shape} and {x[1].Shape}");
        Indices.Check(Name, x[1], size);
        return transposed ? x[0].Shape.With(axis, size) : x[1].Shape;
    }

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var (outer, count, inner) = Axes.Split(x[1].Shape, axis);
        if (transposed)
            backend.ScatterAdd(outer, count, inner, size, x[0], x[1], y);
        else
            backend.Gather(outer, count, inner, size, x[0], x[1], y);
    }

    public override Tensor? InputGradient(int i, Tensor y, Tensor dy) => i == 0 ? new GatherOperation(axis, size, !transposed).Apply(dy, Inputs[1]) : null;

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => new GatherOperation(axis, size, transposed).Apply(tangents[0]!, Inputs[1]);
}

internal static class Indices
{
    public static void Check(string who, Tensor indices, int size)
    {
        if (indices.DType != DType.Int64)
            throw new ArgumentException($"{who} expects Int64 indices but got {indices.DType}. Convert them with To(DType.Int64).");
        Recorder.Run((who, indices, size), static s =>
        {
            foreach (var index in s.indices.AsSpan<long>())
            {
                if ((ulong)index >= (ulong)s.size)
                    throw new ArgumentException($"{s.who} expects indices from 0 to {s.size - 1} but got {index}.");
            }
        });
    }

    /// <summary>Refuses a class index that is no class, unless it is the one to be ignored.</summary>
    /// <param name="who">What the error begins with.</param>
    /// <param name="labels">Class indices.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="ignored">The index that stands for no class; null when none does.</param>
    public static void CheckClasses(string who, ReadOnlySpan<long> labels, int classes, long? ignored = null)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if ((ulong)labels[i] >= (ulong)classes && labels[i] != ignored)
                throw new ArgumentException($"{who} expects class indices from 0 to {classes - 1} but target {i} is {labels[i]}. Does the model have one output per class?");
        }
    }
}

public partial class Tensor
{
    /// <summary>Slices along an axis, chosen by indices: row j of the result is row <paramref name="indices"/>[j] of this tensor, for any number of rows.</summary>
    /// <param name="axis">The axis to choose along.</param>
    /// <param name="indices">Int64 indices of one axis.</param>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public Tensor IndexSelect(int axis, Tensor indices)
    {
        axis = Shape.NormalizeAxis(axis);
        return new IndexSelectOperation(axis, Shape[axis], transposed: false).Apply(this, Require(indices));
    }

    /// <summary>
    /// Elements chosen one by one along an axis: for the last of two axes, y[i, j] = x[i, <paramref name="indices"/>[i, j]].
    /// </summary>
    /// <param name="axis">The axis to choose along.</param>
    /// <param name="indices">Int64 indices with this tensor's number of axes; along the others they are no longer than it.</param>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    /// <exception cref="ShapeException">The indices' shape does not fit.</exception>
    public Tensor Gather(int axis, Tensor indices)
    {
        axis = Shape.NormalizeAxis(axis);
        var source = this;
        for (var d = 0; d < Math.Min(Rank, Require(indices).Rank); d++)
        {
            if (d != axis && indices.Shape[d] < Shape[d])
                source = source.Slice(d, 0, indices.Shape[d]);
        }
        return new GatherOperation(axis, Shape[axis], transposed: false).Apply(source, indices);
    }

    /// <summary>The largest element along an axis and where it is, the first one if there are several; the gradient goes there alone.</summary>
    /// <param name="axis">The axis to reduce; −1 by default.</param>
    /// <param name="keepDims">Whether the axis stays, with size 1.</param>
    public (Tensor Values, Tensor Indices) MaxAlong(int axis = -1, bool keepDims = false) => Along(ArgMax(axis, keepDims: true), axis, keepDims);

    /// <summary>The smallest element along an axis and where it is, the first one if there are several; the gradient goes there alone.</summary>
    /// <param name="axis">The axis to reduce; −1 by default.</param>
    /// <param name="keepDims">Whether the axis stays, with size 1.</param>
    public (Tensor Values, Tensor Indices) MinAlong(int axis = -1, bool keepDims = false) => Along(ArgMin(axis, keepDims: true), axis, keepDims);

    /// <summary>Rows of a table chosen by indices of any shape: (rows, features) and (…) give (…, features). The lookup of an embedding.</summary>
    /// <param name="indices">Int64 indices of any shape.</param>
    /// <param name="paddingIndex">A row that gets no gradient, such as that of a padding token; none by default.</param>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public Tensor Lookup(Tensor indices, int? paddingIndex = null)
    {
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new LookupCall(), this, Require(indices));
        var flat = Require(indices).Reshape(indices.Count);
        var rows = IndexSelect(0, flat);
        if (paddingIndex is { } padding)
        {
            var isPadding = EqualTo(flat, Scalar(padding, DType.Int64, Device)).Reshape([flat.Count, .. Enumerable.Repeat(1, Rank - 1)]);
            rows = Where(isPadding, rows.Detach(), rows);
        }
        return rows.Reshape(new Shape([.. indices.Shape.Sizes, .. Shape.Sizes[1..]]));
    }

    private (Tensor Values, Tensor Indices) Along(Tensor indices, int axis, bool keepDims)
    {
        var values = Gather(axis, indices);
        return keepDims ? (values, indices) : (values.Reshape(values.Shape.Without(axis)), indices.Reshape(indices.Shape.Without(axis)));
    }
}
