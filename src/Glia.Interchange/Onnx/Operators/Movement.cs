using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Other shapes, other orders, parts and repetitions of the same elements.</summary>
internal static class Movement
{
    public static Operator[] All =>
    [
        new("Reshape", 1, "2", "allowzero:i", Reshape),
        new("Flatten", 1, "1", "axis:i", Flatten),
        new("Squeeze", 1, "1-2", "axes:I", Squeeze),
        new("Unsqueeze", 1, "1-2", "axes:I", Unsqueeze),
        new("Transpose", 1, "1", "perm:I", c => c.Same(Permute(c.X, c.Ints("perm") ?? [.. Enumerable.Range(0, c.X.Rank).Reverse()]))),
        new("Concat", 1, "1-*", "axis:i", c => c.Same(Tensor.Concat(c.Int("axis", 1), [.. c.All().Select(v => v.Tensor)]))),
        new("Split", 1, "1-2", "axis:i num_outputs:i split:I", Split),
        new("Slice", 1, "1-5", "axes:I ends:I starts:I", Slice),
        new("Pad", 1, "1-4", "mode:s=constant|reflect|edge|wrap pads:I value:f", Pad, OperatorTraits.Grows),
        new("Tile", 1, "2", "", c => c.Same(Tile(c)), OperatorTraits.Grows),
        new("Expand", 8, "2", "", c => c.Same(Expand(c.X, new Shape(c.Ints(1)))), OperatorTraits.Grows),
        new("DepthToSpace", 1, "1", "blocksize:i mode:s=DCR|CRD", DepthToSpace),
        new("SpaceToDepth", 1, "1", "blocksize:i", SpaceToDepth),
        new("Trilu", 14, "1-2", "upper:i", Trilu),
        new("ReverseSequence", 10, "2", "batch_axis:i time_axis:i", ReverseSequence),
        new("CenterCropPad", 18, "2", "axes:I", CenterCropPad, OperatorTraits.Grows),
    ];

    /// <summary>Axes in another order; where only axes of size 1 move, the memory is shared.</summary>
    public static Tensor Permute(Tensor x, int[] order)
    {
        var sizes = new int[order.Length];
        var (last, moves) = (-1, order.Length != x.Rank);
        for (var i = 0; i < order.Length && !moves; i++)
        {
            sizes[i] = x.Shape[order[i]];
            if (sizes[i] == 1)
                continue;
            moves = order[i] < last;
            last = order[i];
        }
        return moves || order.Distinct().Count() != order.Length ? x.Permute(order) : x.Reshape(new Shape(sizes));
    }

    private static Value[] Reshape(NodeCall c)
    {
        var sizes = c.Ints(1);
        var keepsZero = c.Flag("allowzero");
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] == 0 && !keepsZero)
                sizes[i] = i < c.X.Rank ? c.X.Shape[i] : throw new ArgumentException($"size {i} should stay, but the input {c.X.Shape} has no axis {i}.");
        }
        var unknown = Array.IndexOf(sizes, -1);
        if (unknown >= 0)
        {
            var known = sizes.Where((_, i) => i != unknown).Aggregate(1L, (a, b) => a * b);
            sizes[unknown] = known > 0 && c.X.Count % known == 0
                ? (int)(c.X.Count / known)
                : throw new ArgumentException($"{c.X.Count} elements of {c.X.Shape} do not fit the shape ({string.Join(", ", sizes)}).");
        }
        return c.Same(c.X.Reshape(new Shape(sizes)));
    }

    private static Value[] Flatten(NodeCall c)
    {
        var axis = c.Int("axis", 1);
        axis = axis < 0 ? axis + c.X.Rank : axis;
        if (axis < 0 || axis > c.X.Rank)
            throw new ArgumentException($"the axis {c.Int("axis", 1)} is out of range for {c.X.Shape}.");
        var columns = c.X.Shape.From(axis).Count;
        return c.Same(c.X.Reshape((new Shape(c.X.Shape.Sizes[..axis]).Count, columns)));
    }

    private static Value[] Squeeze(NodeCall c)
    {
        var shape = c.X.Shape;
        var axes = c.IntsOf(1, "axes") is { } given
            ? given.Select(a => shape.NormalizeAxis(a)).ToHashSet()
            : [.. Enumerable.Range(0, c.X.Rank).Where(d => shape[d] == 1)];
        if (axes.Any(a => shape[a] != 1))
            throw new ArgumentException($"axes of size 1 were expected but the shape is {shape} and the axes are [{string.Join(", ", axes.Order())}].");
        return c.Same(c.X.Reshape([.. shape.Sizes.ToArray().Where((_, d) => !axes.Contains(d))]));
    }

    private static Value[] Unsqueeze(NodeCall c)
    {
        var given = c.IntsOf(1, "axes") ?? throw new ArgumentException("axes were expected.");
        var rank = c.X.Rank + given.Length;
        var axes = given.Select(a => a < 0 ? a + rank : a).ToHashSet();
        if (axes.Count != given.Length || axes.Any(a => a < 0 || a >= rank))
            throw new ArgumentException($"each axis once, from {-rank} to {rank - 1}, was expected but got [{string.Join(", ", given)}].");
        var next = 0;
        var sizes = new int[rank];
        for (var d = 0; d < rank; d++)
            sizes[d] = axes.Contains(d) ? 1 : c.X.Shape[next++];
        return c.Same(c.X.Reshape(new Shape(sizes)));
    }

    private static Value[] Split(NodeCall c)
    {
        var axis = c.X.Shape.NormalizeAxis(c.Int("axis", 0));
        var size = c.X.Shape[axis];
        var sizes = c.IntsOf(1, "split");
        if (sizes is null)
        {
            var parts = c.Int("num_outputs", c.Outputs);
            if (parts < 1 || parts > Math.Max(1, c.Outputs))
                throw new ArgumentException($"{c.Outputs} parts were expected but num_outputs is {parts}.");
            // The last part is smaller where the parts cannot be equal.
            var each = (size + parts - 1) / parts;
            sizes = [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(size - (i * each), 0, each))];
        }
        if (sizes.Any(s => s < 0) || sizes.Sum(s => (long)s) != size)
            throw new ArgumentException($"parts that add up to {size} were expected but got [{string.Join(", ", sizes)}].");
        var results = new Value[sizes.Length];
        var start = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            results[i] = new(c.X.Slice(axis, start, sizes[i]), c.Type(0));
            start += sizes[i];
        }
        return results;
    }

    private static Value[] Slice(NodeCall c)
    {
        var starts = c.Has(1) ? c.Integers(1) : c.Attributes.Ints("starts") ?? throw new ArgumentException("starts were expected.");
        var ends = c.Has(2) ? c.Integers(2) : c.Attributes.Ints("ends") ?? throw new ArgumentException("ends were expected.");
        var axes = c.IntsOf(3, "axes") ?? [.. Enumerable.Range(0, starts.Length)];
        var steps = c.Has(4) ? c.Integers(4) : [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw new ArgumentException("starts, ends, axes and steps of one length were expected.");
        var x = c.X;
        for (var i = 0; i < axes.Length; i++)
            x = Slice(x, axes[i], starts[i], ends[i], steps[i]);
        return c.Same(x);
    }

    private static Tensor Slice(Tensor x, int axis, long start, long end, long step)
    {
        if (step == 0)
            throw new ArgumentException("steps other than 0 were expected.");
        var size = x.Shape[axis];
        start = start < 0 ? Math.Max(start, -size) + size : start;
        end = end < 0 ? Math.Max(end, -size - 1L) + size : end;
        (start, end) = step > 0 ? (Math.Clamp(start, 0, size), Math.Clamp(end, 0, size)) : (Math.Clamp(start, -1, size - 1), Math.Clamp(end, -1, size - 1));
        var distance = step > 0 ? end - start : start - end;
        var stride = (Int128)(step > 0 ? step : -(Int128)step);
        var count = distance <= 0 ? 0 : (int)((distance + stride - 1) / stride);
        if (count == size && step == 1)
            return x;
        return x.Slice(axis, count == 0 ? 0 : (int)start, count, (int)Math.Clamp(step, -int.MaxValue, int.MaxValue));
    }

    /// <summary>Amounts below 0 take elements away.</summary>
    private static Value[] Pad(NodeCall c)
    {
        var pads = c.IntsOf(1, "pads") ?? throw new ArgumentException("pads were expected.");
        var axes = c.Has(3) ? Array.ConvertAll(c.Ints(3), a => c.X.Shape.NormalizeAxis(a)) : [.. Enumerable.Range(0, c.X.Rank)];
        if (pads.Length != 2 * axes.Length)
            throw new ArgumentException($"pads of {2 * axes.Length} numbers were expected but got {pads.Length}.");
        var mode = c.Text("mode", "constant");
        var x = c.X;
        for (var i = 0; i < axes.Length; i++)
        {
            var (before, after) = (pads[i], pads[i + axes.Length]);
            var (cutBefore, cutAfter) = (Math.Max(0, -(long)before), Math.Max(0, -(long)after));
            if (cutBefore + cutAfter > x.Shape[axes[i]])
                throw new ArgumentException($"pads of {before} and {after} take more away than axis {axes[i]} of {x.Shape} has.");
            if (cutBefore + cutAfter > 0)
                x = x.Slice(axes[i], (int)cutBefore, (int)(x.Shape[axes[i]] - cutBefore - cutAfter));
            x = Around(x, axes[i], Math.Max(0, before), Math.Max(0, after), mode, c);
        }
        return c.Same(x);
    }

    private static Tensor Around(Tensor x, int axis, int before, int after, string mode, NodeCall c)
    {
        if (before == 0 && after == 0)
            return x;
        if (mode == "constant" && x.DType == DType.Int64 && c.Has(2))
        {
            // A double would not hold every value.
            var value = c.In(2).Reshape(Shape.Scalar);
            return Tensor.Concat(axis, value.BroadcastTo(x.Shape.With(axis, before)), x, value.BroadcastTo(x.Shape.With(axis, after)));
        }
        if (mode == "constant")
            return x.Pad(axis, before, after, c.Has(2) ? c.Number(2) : c.Float("value", 0));
        if (mode == "reflect" && (before >= x.Shape[axis] || after >= x.Shape[axis]))
            return Reflected(x, axis, before, after);
        return x.Pad(axis, before, after, mode switch
        {
            "reflect" => PadMode.Reflect,
            "edge" => PadMode.Replicate,
            _ => PadMode.Circular,
        });
    }

    /// <summary>Mirrored again and again.</summary>
    private static Tensor Reflected(Tensor x, int axis, int before, int after)
    {
        var size = x.Shape[axis];
        if (size == 0)
            throw new ArgumentException($"axis {axis} of {x.Shape} has nothing to mirror.");
        return x.IndexSelect(axis, Glia.Replay.Recorder.Fixed((size, before, after), static s =>
        {
            var places = new long[s.before + s.size + s.after];
            var period = Math.Max(1, 2 * (s.size - 1));
            for (var i = 0; i < places.Length; i++)
            {
                var at = (((i - s.before) % period) + period) % period;
                places[i] = at < s.size ? at : period - at;
            }
            return Tensor.From(places);
        }));
    }

    private static Tensor Tile(NodeCall c)
    {
        var times = c.Ints(1);
        if (times.Length != c.X.Rank || times.Any(t => t < 0))
            throw new ArgumentException($"{c.X.Rank} numbers of at least 0 were expected but got [{string.Join(", ", times)}].");
        var y = c.X;
        for (var axis = 0; axis < times.Length; axis++)
        {
            if (times[axis] == 1)
                continue;
            int[] apart = [.. y.Shape.Sizes[..axis], 1, .. y.Shape.Sizes[axis..]];
            int[] spread = [.. y.Shape.Sizes[..axis], times[axis], .. y.Shape.Sizes[axis..]];
            y = y.Reshape(new Shape(apart)).BroadcastTo(new Shape(spread)).Reshape(y.Shape.With(axis, checked(y.Shape[axis] * times[axis])));
        }
        return y;
    }

    private static Tensor Expand(Tensor x, Shape shape) => Shape.TryBroadcast(x.Shape, shape, out var result)
        ? x.BroadcastTo(result)
        : throw new ArgumentException($"the shape {x.Shape} does not expand to {shape}.");

    private static Value[] DepthToSpace(NodeCall c)
    {
        var (b, x) = (c.Int("blocksize", 1), c.X);
        if (x.Rank != 4 || b < 1 || x.Shape[1] % (b * b) != 0)
            throw new ArgumentException($"an image whose channels blocks of {b}×{b} divide was expected but got {x.Shape}.");
        var (n, depth, h, w) = (x.Shape[0], x.Shape[1] / (b * b), x.Shape[2], x.Shape[3]);
        var y = c.Text("mode", "DCR") == "DCR"
            ? x.Reshape(n, b, b, depth, h, w).Permute(0, 3, 4, 1, 5, 2)
            : x.Reshape(n, depth, b, b, h, w).Permute(0, 1, 4, 2, 5, 3);
        return c.Same(y.Reshape(new Shape(n, depth, h * b, w * b)));
    }

    private static Value[] SpaceToDepth(NodeCall c)
    {
        var (b, x) = (c.Int("blocksize", 1), c.X);
        if (x.Rank != 4 || b < 1 || x.Shape[2] % b != 0 || x.Shape[3] % b != 0)
            throw new ArgumentException($"an image whose rows and columns {b} divides was expected but got {x.Shape}.");
        var (n, depth, h, w) = (x.Shape[0], x.Shape[1], x.Shape[2] / b, x.Shape[3] / b);
        return c.Same(x.Reshape(n, depth, h, b, w, b).Permute(0, 3, 5, 1, 2, 4).Reshape(new Shape(n, depth * b * b, h, w)));
    }

    private static Value[] Trilu(NodeCall c)
    {
        var (x, isUpper) = (c.X, c.Flag("upper", true));
        if (x.Rank < 2)
            throw new ArgumentException($"matrices were expected but got {x.Shape}.");
        var k = c.Has(1) ? (long)c.Number(1) : 0;
        var mask = Glia.Replay.Recorder.Fixed((x.Shape[-2], x.Shape[-1], k, isUpper), static s =>
        {
            var (rows, columns, k, isUpper) = s;
            var kept = Tensor.Zeros((rows, columns), DType.Bool);
            for (var i = 0; i < rows * columns; i++)
            {
                var distance = (i % columns) - (i / columns);
                kept.AsWritableSpan<bool>()[i] = isUpper ? distance >= k : distance <= k;
            }
            return kept;
        });
        return c.Same(x.Count == 0 ? x : Tensor.Where(mask, x, Scalar(0, x.DType)));
    }

    private static Value[] ReverseSequence(NodeCall c)
    {
        var (batchAxis, timeAxis) = (c.Int("batch_axis", 1), c.Int("time_axis", 0));
        var x = c.X;
        int[] order = [batchAxis, timeAxis, .. Enumerable.Range(0, x.Rank).Where(d => d != batchAxis && d != timeAxis)];
        var front = x.Permute(order);
        var (batch, steps) = (front.Shape[0], front.Shape[1]);
        var lengths = c.In(1).To(DType.Int64);
        var places = Make(batch * steps, DType.Int64, (lengths, steps), static (s, y) =>
        {
            for (var i = 0; i < y.Count; i++)
            {
                var (sequence, time, length) = (i / s.steps, i % s.steps, s.lengths.AsSpan<long>()[i / s.steps]);
                if (length < 0 || length > s.steps)
                    throw new ArgumentException($"lengths from 0 to {s.steps} were expected but got {length}.");
                y.AsWritableSpan<long>()[i] = (sequence * s.steps) + (time < length ? length - 1 - time : time);
            }
        });
        var y = front.Reshape(new Shape([batch * steps, .. front.Shape.Sizes[2..]])).IndexSelect(0, places).Reshape(front.Shape);
        var inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            inverse[order[i]] = i;
        return c.Same(y.Permute(inverse));
    }

    private static Value[] CenterCropPad(NodeCall c)
    {
        var sizes = c.Ints(1);
        var x = c.X;
        var axes = c.Ints("axes") ?? [.. Enumerable.Range(0, x.Rank)];
        if (sizes.Length != axes.Length)
            throw new ArgumentException($"{axes.Length} sizes were expected but got {sizes.Length}.");
        for (var i = 0; i < axes.Length; i++)
        {
            var (axis, have, want) = (x.Shape.NormalizeAxis(axes[i]), x.Shape[axes[i]], sizes[i]);
            if (want < have)
                x = x.Slice(axis, (have - want) / 2, want);
            else
                x = x.Pad(axis, (want - have) / 2, want - have - ((want - have) / 2));
        }
        return c.Same(x);
    }
}
