using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Shapes
{
    public static OperationTable Table { get; } = new()
    {
        { "concat", c => Tensor.Concat(c.Options.Integer("dim"), Parts(c)) },
        { "embedding", Embed },
        { "expand", c => c["x"].BroadcastTo(c.Options.Integers("shape")) },
        { "flip", c => c.Options.Integers("dims").Aggregate(c["x"], (y, axis) => y.Flip(axis)) },
        { "gather", c => c["x"].Gather(c.Options.Integer("dim"), c["index"]) },
        { "index_select", c => c["x"].IndexSelect(c.Options.Integer("dim"), c["index"]) },
        { "pad", Pad },
        { "permute", c => c["x"].Permute(c.Options.Integers("dims")) },
        { "repeat", c => c["x"].Repeat(c.Options.Integers("repeats").AsSpan()) },
        { "reshape", c => c["x"].Reshape(c.Options.Integers("shape").AsSpan()) },
        { "slice", Slice },
        { "split", Split },
        { "stack", c => Tensor.Stack(c.Options.Integer("dim"), Parts(c)) },
        { "transpose", c => c["x"].Transpose(c.Options.Integer("dim0"), c.Options.Integer("dim1")) },
    };

    private static Tensor Embed(ConformanceCase c)
    {
        int? padding = c.Options.IsNull("padding_idx") ? null : c.Options.Integer("padding_idx");
        return c.Load(new Embedding(c["weight"].Shape[0], c["weight"].Shape[1], padding, c.DType)).Forward(c["index"]);
    }

    /// <summary>x0, x1, …</summary>
    private static Tensor[] Parts(ConformanceCase c) => [.. Enumerable.Range(0, c.Inputs.Count()).Select(i => c[$"x{i}"])];

    /// <summary>Amounts before and after, for the last axis first.</summary>
    private static Tensor Pad(ConformanceCase c)
    {
        var mode = c.Options.Text("mode") switch
        {
            "constant" => PadMode.Constant,
            "reflect" => PadMode.Reflect,
            "replicate" => PadMode.Replicate,
            var other => throw new UnsupportedException($"padding mode '{other}'"),
        };
        var (y, amounts, value) = (c["x"], c.Options.Integers("pad"), c.Options.Number("value"));
        for (var i = 0; i < amounts.Length / 2; i++)
            y = y.Pad(-1 - i, amounts[2 * i], amounts[(2 * i) + 1], mode, value);
        return y;
    }

    private static Tensor Slice(ConformanceCase c)
    {
        var (start, stop, step) = (c.Options.Integers("start"), c.Options.Integers("stop"), c.Options.Integers("step"));
        var y = c["x"];
        for (var axis = 0; axis < start.Length; axis++)
            y = y.Slice(axis, start[axis], (stop[axis] - start[axis] + step[axis] - 1) / step[axis], step[axis]);
        return y;
    }

    private static Outputs Split(ConformanceCase c)
    {
        var (outputs, start) = (new Outputs(), 0);
        foreach (var size in c.Options.Integers("sizes"))
        {
            outputs[$"y{outputs.Count}"] = c["x"].Slice(c.Options.Integer("dim"), start, size);
            start += size;
        }
        return outputs;
    }
}
