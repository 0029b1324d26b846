using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Shapes
{
    public static OperationTable Table { get; } = new()
    {
        { "concat", c => Tensor.Concat(c.Options.Integer("dim", 0), Parts(c)) },
        { "embedding", Embed },
        { "expand", Expand },
        { "flip", c => c.Options.Integers("dims").Aggregate(c["x"], (y, axis) => y.Flip(axis)) },
        { "gather", c => c["x"].Gather(c.Options.Integer("dim"), c["index"]) },
        { "index_select", c => c["x"].IndexSelect(c.Options.Integer("dim"), c["index"]) },
        { "pad", Pad },
        { "permute", c => c["x"].Permute(c.Options.Integers("dims")) },
        { "repeat", c => c["x"].Repeat(c.Options.Integers("repeats").AsSpan()) },
        { "reshape", c => c["x"].Reshape(c.Options.Integers("shape").AsSpan()) },
        { "slice", Slice },
        { "split", Split },
        { "stack", c => Tensor.Stack(c.Options.Integer("dim", 0), Parts(c)) },
        { "transpose", c => c["x"].Transpose(c.Options.Integer("dim0"), c.Options.Integer("dim1")) },
    };

    public static PadMode ModeOf(string name) => name switch
    {
        "constant" or "zeros" => PadMode.Constant,
        "reflect" => PadMode.Reflect,
        "replicate" => PadMode.Replicate,
        "circular" => PadMode.Circular,
        _ => throw new UnsupportedException($"unsupported: padding mode '{name}'"),
    };

    private static Tensor Embed(ConformanceCase c)
    {
        c.Options.FollowFromShapes("num_embeddings", "embedding_dim", "sparse");
        UnsupportedException.ThrowIf(c.Options.Flag("scale_grad_by_freq", false) || !c.Options.IsMissing("max_norm"), "an embedding that scales its rows");
        var rows = c["weight"].Shape[0];
        int? padding = c.Options.IsMissing("padding_idx") ? null : c.Options.Integer("padding_idx");
        return c.Load(new Embedding(rows, c["weight"].Shape[1], padding < 0 ? padding + rows : padding, c.DType)).Forward(c["index"]);
    }

    /// <summary>−1 keeps a size.</summary>
    private static Tensor Expand(ConformanceCase c)
    {
        var (x, shape) = (c["x"].Shape, c.Options.Integers("shape"));
        var added = shape.Length - x.Rank;
        return c["x"].BroadcastTo(new Shape([.. shape.Select((size, i) => size == -1 && i >= added ? x[i - added] : size)]));
    }

    /// <summary>x0, x1, …</summary>
    private static Tensor[] Parts(ConformanceCase c) => [.. Enumerable.Range(0, c.Inputs.Count()).Select(i => c[$"x{i}"])];

    /// <summary>Amounts before and after, for the last axis first; negative ones shorten.</summary>
    private static Tensor Pad(ConformanceCase c)
    {
        var mode = ModeOf(c.Options.Text("mode", "constant"));
        var (y, amounts, value) = (c["x"], c.Options.Integers("pad"), c.Options.Number("value", 0));
        for (var i = 0; i < amounts.Length / 2; i++)
        {
            var (before, after) = (amounts[2 * i], amounts[(2 * i) + 1]);
            if (before < 0 || after < 0)
                y = y.Slice(-1 - i, Math.Max(0, -before), y.Shape[^(i + 1)] - Math.Max(0, -before) - Math.Max(0, -after));
            y = y.Pad(-1 - i, Math.Max(0, before), Math.Max(0, after), mode, value);
        }
        return y;
    }

    /// <summary>As in Python: negative ends count from the end, and none reaches beyond it.</summary>
    private static Tensor Slice(ConformanceCase c)
    {
        var start = c.Options.Integers("start");
        var (stop, step, y) = (c.Options.Integers("stop"), c.Options.Sizes("step", start.Length, 1), c["x"]);
        for (var axis = 0; axis < start.Length; axis++)
        {
            var size = y.Shape[axis];
            var (first, end) = (Within(start[axis], size), Within(stop[axis], size));
            y = y.Slice(axis, first, Math.Max(0, (end - first + step[axis] - 1) / step[axis]), step[axis]);
        }
        return y;

        static int Within(int at, int size) => Math.Clamp(at < 0 ? at + size : at, 0, size);
    }

    /// <summary>By the sizes of the parts, or by one size for all but the last.</summary>
    private static Outputs Split(ConformanceCase c)
    {
        var (outputs, start, axis) = (new Outputs(), 0, c.Options.Integer("dim", 0));
        var size = c["x"].Shape.Sizes[axis < 0 ? axis + c["x"].Rank : axis];
        var sizes = c.Options.IsMissing("sizes") ? c.Options.Integers("split_size") : c.Options.Integers("sizes");
        for (var i = 0; start < size && (i < sizes.Length || sizes.Length == 1); i++)
        {
            var part = Math.Min(sizes[Math.Min(i, sizes.Length - 1)], size - start);
            UnsupportedException.ThrowIf(part < 1, "a part of size 0");
            outputs[$"y{i}"] = c["x"].Slice(axis, start, part);
            start += part;
        }
        return outputs;
    }
}
