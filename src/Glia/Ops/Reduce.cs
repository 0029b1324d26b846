using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;
using Glia.Tracing;

namespace Glia;

/// <summary>A reduction over one axis, which stays with size 1.</summary>
internal sealed class ReduceOperation(Reduction kind, int axis) : Operation
{
    public override string Name => kind.ToString();

    public override Shape OutputShape(Tensor[] x)
    {
        if (!x[0].DType.IsFloatingPoint())
            throw new ArgumentException($"{Name} works on floating-point numbers but got {x[0].DType}. Convert with To(DType.Float32) first.");
        if (x[0].Shape[axis] == 0 && kind is Reduction.Max or Reduction.Min)
            throw new ArgumentException($"{Name} of no elements is undefined: axis {axis} of {x[0].Shape} has size 0.");
        return x[0].Shape.With(axis, 1);
    }

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var (outer, count, inner) = Axes.Split(x[0].Shape, axis);
        backend.Reduce(kind, outer, count, inner, x[0], y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        if (kind == Reduction.Sum)
            return dy.BroadcastTo(Inputs[0].Shape);
        if (kind == Reduction.Product || GradientMode.IsRecording)
            return Share(y) * dy;
        var dx = Tensor.Allocate(Inputs[0].Shape, dy.DType, dy.Device);
        var (outer, count, inner) = Axes.Split(dx.Shape, axis);
        dy.Device.Backend.ExtremeBackward(outer, count, inner, Inputs[0], y, dy, dx);
        return dx;
    }

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) =>
        kind == Reduction.Sum ? tangents[0]!.Sum([axis], keepDims: true) : (Share(y) * tangents[0]!).Sum([axis], keepDims: true);

    /// <summary>∂y/∂x: for an extreme value, equal shares among the elements that attain it; for a product, the product of the others.</summary>
    private Tensor Share(Tensor y)
    {
        var x = Inputs[0];
        if (kind == Reduction.Product)
            return OthersProduct(x);
        var attains = Tensor.Compare(Comparison.Equal, x, y.BroadcastTo(x.Shape)).To(x.DType);
        return attains / attains.Sum([axis], keepDims: true);
    }

    /// <summary>The product of the other elements along the axis, by running products from both ends, so that zeros do no harm.</summary>
    private Tensor OthersProduct(Tensor x)
    {
        if (x.Count == 0)
            return x;
        var parts = Enumerable.Range(0, x.Shape[axis]).Select(j => x.Slice(axis, j, 1)).ToArray();
        var products = new Tensor[parts.Length];
        Tensor? before = null;
        for (var j = 0; j < parts.Length; j++)
        {
            products[j] = before ?? Tensor.Ones(parts[j].Shape, x.DType, x.Device);
            before = before is null ? parts[j] : before * parts[j];
        }
        Tensor? after = null;
        for (var j = parts.Length - 1; j >= 0; j--)
        {
            products[j] = after is null ? products[j] : products[j] * after;
            after = after is null ? parts[j] : after * parts[j];
        }
        return Tensor.Concat(axis, products);
    }
}

/// <summary>How an axis divides a shape.</summary>
internal static class Axes
{
    /// <summary>(channels, 1, 1, …): the shape under which one number per channel broadcasts along axis 1 of a tensor of that rank.</summary>
    public static Shape PerChannel(int channels, int rank) => new([channels, .. Enumerable.Repeat(1, rank - 2)]);

    public static (int Outer, int Count, int Inner) Split(Shape shape, int axis)
    {
        var (outer, inner) = (1, 1);
        for (var d = 0; d < axis; d++)
            outer *= shape.Sizes[d];
        for (var d = axis + 1; d < shape.Rank; d++)
            inner *= shape.Sizes[d];
        return (outer, shape.Sizes[axis], inner);
    }
}

public partial class Tensor
{
    /// <summary>The sum over all axes, or over those given.</summary>
    /// <param name="axes">The axes to sum over; all when empty.</param>
    public Tensor Sum(params ReadOnlySpan<int> axes) => Reduce(Reduction.Sum, axes, false);

    /// <inheritdoc cref="Sum(ReadOnlySpan{int})"/>
    /// <param name="axes">The axes to reduce; all when empty.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with size 1.</param>
    public Tensor Sum(ReadOnlySpan<int> axes, bool keepDims) => Reduce(Reduction.Sum, axes, keepDims);

    /// <summary>The mean over all axes, or over those given; NaN of no elements.</summary>
    /// <param name="axes">The axes to average over; all when empty.</param>
    public Tensor Mean(params ReadOnlySpan<int> axes) => Mean(axes, false);

    /// <inheritdoc cref="Mean(ReadOnlySpan{int})"/>
    /// <param name="axes">The axes to reduce; all when empty.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with size 1.</param>
    public Tensor Mean(ReadOnlySpan<int> axes, bool keepDims)
    {
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new MeanCall([.. axes], keepDims), this);
        var sum = Reduce(Reduction.Sum, axes, keepDims);
        return sum * (sum.Count / (double)Count);
    }

    /// <summary>The variance over all axes, or over those given: Σ(x − mean)² / (n − <paramref name="correction"/>).</summary>
    /// <param name="axes">The axes to reduce; all when empty.</param>
    /// <param name="correction">0 for the biased variance, 1 for the unbiased one.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with size 1.</param>
    public Tensor Variance(ReadOnlySpan<int> axes, int correction = 0, bool keepDims = false)
    {
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new VarianceCall([.. axes], correction, keepDims), this);
        var squares = (this - Mean(axes, keepDims: true)).Square().Sum(axes, keepDims);
        return squares * (1 / (((double)Count / squares.Count) - correction));
    }

    /// <summary>The largest element over all axes, or over those given; equal ones share the gradient. NaN where there is one.</summary>
    /// <param name="axes">The axes to reduce; all when empty.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with size 1.</param>
    public Tensor Max(ReadOnlySpan<int> axes, bool keepDims = false) => Reduce(Reduction.Max, axes, keepDims);

    /// <inheritdoc cref="Max(ReadOnlySpan{int}, bool)"/>
    public Tensor Max() => Reduce(Reduction.Max, [], false);

    /// <summary>The smallest element over all axes, or over those given; equal ones share the gradient. NaN where there is one.</summary>
    /// <param name="axes">The axes to reduce; all when empty.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with size 1.</param>
    public Tensor Min(ReadOnlySpan<int> axes, bool keepDims = false) => Reduce(Reduction.Min, axes, keepDims);

    /// <inheritdoc cref="Min(ReadOnlySpan{int}, bool)"/>
    public Tensor Min() => Reduce(Reduction.Min, [], false);

    /// <summary>The product over all axes, or over those given.</summary>
    /// <param name="axes">The axes to reduce; all when empty.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with size 1.</param>
    public Tensor Product(ReadOnlySpan<int> axes, bool keepDims = false) => Reduce(Reduction.Product, axes, keepDims);

    /// <summary>The index of the first largest element along an axis, as Int64; a NaN counts as the largest.</summary>
    public Tensor ArgMax(int axis = -1, bool keepDims = false) => ArgExtreme(true, axis, keepDims);

    /// <summary>The index of the first smallest element along an axis, as Int64; a NaN counts as the smallest.</summary>
    public Tensor ArgMin(int axis = -1, bool keepDims = false) => ArgExtreme(false, axis, keepDims);

    private Tensor ArgExtreme(bool largest, int axis, bool keepDims)
    {
        axis = Shape.NormalizeAxis(axis);
        if (Shape[axis] == 0)
            throw new ArgumentException($"{(largest ? "ArgMax" : "ArgMin")} of no elements is undefined: axis {axis} of {Shape} has size 0.");
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new ArgExtremeCall(largest, axis, keepDims), this);
        var (outer, count, inner) = Axes.Split(Shape, axis);
        var y = Allocate(keepDims ? Shape.With(axis, 1) : Shape.Without(axis), DType.Int64, Device);
        Device.Backend.ArgExtreme(largest, outer, count, inner, this, y);
        return y;
    }

    internal static Tensor Reduced(Tensor x, Reduction kind, ReadOnlySpan<int> axes, bool keepDims) => x.Reduce(kind, axes, keepDims);

    /// <summary>Neighbouring axes are reduced as one.</summary>
    private Tensor Reduce(Reduction kind, ReadOnlySpan<int> axes, bool keepDims)
    {
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new ReduceCall(kind, [.. axes], keepDims), this);
        Span<bool> reduced = stackalloc bool[Rank];
        if (axes.IsEmpty)
            reduced.Fill(true);
        foreach (var axis in axes)
            reduced[Shape.NormalizeAxis(axis)] = true;

        var sizes = new int[Rank];
        var kept = new List<int>(Rank);
        for (var d = 0; d < Rank; d++)
        {
            sizes[d] = reduced[d] ? 1 : Shape.Sizes[d];
            if (!reduced[d])
                kept.Add(sizes[d]);
        }
        var shape = keepDims ? new Shape(sizes) : new Shape([.. kept]);
        // Equal extremes share the gradient among all of them, so axes that lie apart are brought together.
        if (kind is Reduction.Max or Reduction.Min && reduced.Trim(false).Contains(false))
            return Permute(ReducedLast(reduced)).Reduce(kind, [.. Enumerable.Range(kept.Count, Rank - kept.Count)], false).Reshape(shape);
        var result = this;
        for (var last = Rank - 1; last >= 0; last--)
        {
            if (!reduced[last])
                continue;
            var first = last;
            while (first > 0 && reduced[first - 1])
                first--;
            var (outer, count, inner) = (1, 1, 1);
            for (var d = 0; d < Rank; d++)
            {
                if (d < first)
                    outer *= Shape.Sizes[d];
                else if (d <= last)
                    count *= Shape.Sizes[d];
                else
                    inner *= sizes[d];
            }
            result = new ReduceOperation(kind, 1).Apply(result.Reshape(outer, count, inner));
            last = first;
        }
        return result.Reshape(shape);
    }

    /// <summary>The order of axes in which those that stay come before those that are reduced.</summary>
    private static int[] ReducedLast(ReadOnlySpan<bool> reduced)
    {
        var order = new List<int>(reduced.Length);
        foreach (var isReduced in (ReadOnlySpan<bool>)[false, true])
        {
            for (var axis = 0; axis < reduced.Length; axis++)
            {
                if (reduced[axis] == isReduced)
                    order.Add(axis);
            }
        }
        return [.. order];
    }
}
