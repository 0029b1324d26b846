using System.Globalization;
using System.Text.RegularExpressions;
using Glia.Layers;

namespace Glia.Conformance.Operations;

/// <summary>
/// A network that a case describes in words, such as <c>tanh(x w1'+b1) -> . w2'+b2</c>, as a function of tensors by name: the input x and the
/// parameters named in the text.
/// </summary>
internal sealed partial class DescribedFunction
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> ElementWise = new()
    {
        ["relu"] = y => y.ReLU(),
        ["sigmoid"] = y => y.Sigmoid(),
        ["softplus"] = y => y.Softplus(),
        ["tanh"] = y => y.Tanh(),
    };

    private readonly Func<Tensor, IReadOnlyDictionary<string, Tensor>, Tensor>[] _stages;

    public DescribedFunction(string text) => _stages = [.. Remark().Replace(text, "").Split(" -> ").Select(Stage)];

    public Tensor Compute(IReadOnlyDictionary<string, Tensor> tensors) => _stages.Aggregate(tensors["x"], (y, stage) => stage(y, tensors));

    private static Func<Tensor, IReadOnlyDictionary<string, Tensor>, Tensor> Stage(string text)
    {
        if (text == "mean over height and width")
            return (y, _) => y.Mean(2, 3);
        if (Affine().Match(text) is { Success: true } affine)
            return (y, t) => y.MatMul(t[affine.Groups["w"].Value], transposeB: true) + t[affine.Groups["b"].Value];
        if (Convolution().Match(text) is { Success: true } conv)
        {
            var options = new Conv2DOptions { Padding = Number(conv.Groups["padding"], 0), Stride = Number(conv.Groups["stride"], 1) };
            return (y, t) => Tensor.Conv2D(y, t[conv.Groups["k"].Value], t[conv.Groups["c"].Value], options);
        }
        if (RecurrentFunction.Stage(text) is { } recurrent)
            return recurrent;
        if (Wrapped().Match(text) is { Success: true } wrapped && ElementWise.TryGetValue(wrapped.Groups["f"].Value, out var function))
        {
            var inner = Stage(wrapped.Groups["inner"].Value);
            return (y, t) => function(inner(y, t));
        }
        throw new UnsupportedException($"unsupported: network stage '{text}'");
    }

    private static int Number(Group group, int otherwise) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : otherwise;

    [GeneratedRegex(@" \(w stored \[out,in\]\)$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"^[x.] (?<w>\w+)'\+(?<b>\w+)$")]
    private static partial Regex Affine();

    [GeneratedRegex(@"^conv2d\([x.],(?<k>\w+),(?<c>\w+)(,padding (?<padding>\d+))?(,stride (?<stride>\d+))?\)$")]
    private static partial Regex Convolution();

    [GeneratedRegex(@"^(?<f>\w+)\((?<inner>.*)\)$")]
    private static partial Regex Wrapped();
}
