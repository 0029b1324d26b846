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
    /// <summary>Far beyond any description, so that a damaged one cannot nest without end.</summary>
    private const int LongestText = 4_000;

    private readonly Func<Tensor, IReadOnlyDictionary<string, Tensor>, Tensor>[] _stages;

    public DescribedFunction(string text)
    {
        UnsupportedException.ThrowIf(text.Length > LongestText, $"a network of {text.Length} characters");
        _stages = [.. Remark().Replace(text, "").Split(" -> ").Select(Stage)];
    }

    public Tensor Compute(IReadOnlyDictionary<string, Tensor> tensors) => _stages.Aggregate(tensors["x"], (y, stage) => stage(y, tensors));

    private static Func<Tensor, IReadOnlyDictionary<string, Tensor>, Tensor> Stage(string text)
    {
        if (Affine().Match(text) is { Success: true } affine)
        {
            var (w, b) = (affine.Groups["w"].Value, affine.Groups["b"]);
            return (y, t) => b.Success ? y.MatMul(t[w], transposeB: true) + t[b.Value] : y.MatMul(t[w], transposeB: true);
        }
        if (Convolution().Match(text) is { Success: true } conv)
            return (y, t) => Convolve(y, t[conv.Groups["k"].Value], conv.Groups["c"].Success ? t[conv.Groups["c"].Value] : null, conv);
        if (Pooling().Match(text) is { Success: true } pool)
        {
            var (size, stride, padding) = (Number(pool.Groups["size"], 2), Number(pool.Groups["stride"], Number(pool.Groups["size"], 2)), Number(pool.Groups["padding"], 0));
            return pool.Groups["kind"].Value == "max" ? (y, _) => new MaxPool2D(size, stride, padding).Forward(y) : (y, _) => new AvgPool2D(size, stride, padding).Forward(y);
        }
        if (RecurrentFunction.Stage(text) is { } recurrent)
            return recurrent;
        if (Wrapped().Match(text) is { Success: true } wrapped && NamedFunctions.Find(wrapped.Groups["f"].Value) is { } function)
        {
            var inner = Stage(wrapped.Groups["inner"].Value);
            return (y, t) => function(inner(y, t));
        }
        if (NamedFunctions.Find(text) is { } alone)
            return (y, _) => alone(y);
        return text switch
        {
            "x" or "." => (y, _) => y,
            "flatten" => (y, _) => y.Reshape(y.Shape[0], -1),
            "mean over height and width" => (y, _) => y.Mean(2, 3),
            "mean over length" => (y, _) => y.Mean(2),
            _ => throw new UnsupportedException($"unsupported: network stage '{text}'"),
        };
    }

    private static Tensor Convolve(Tensor x, Tensor kernel, Tensor? bias, Match text)
    {
        var (padding, stride, dilation, groups) = (Number(text.Groups["padding"], 0), Number(text.Groups["stride"], 1), Number(text.Groups["dilation"], 1), Number(text.Groups["groups"], 1));
        return text.Groups["axes"].Value switch
        {
            "1" => Tensor.Conv1D(x, kernel, bias, new() { Padding = padding, Stride = stride, Dilation = dilation, Groups = groups }),
            "2" => Tensor.Conv2D(x, kernel, bias, new() { Padding = padding, Stride = stride, Dilation = dilation, Groups = groups }),
            _ => Tensor.Conv3D(x, kernel, bias, new() { Padding = padding, Stride = stride, Dilation = dilation, Groups = groups }),
        };
    }

    private static int Number(Group group, int otherwise) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : otherwise;

    [GeneratedRegex(@" \(w stored \[out,in\]\)$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"^[x.] ?(?<w>\w+)'( ?\+ ?(?<b>\w+))?$")]
    private static partial Regex Affine();

    [GeneratedRegex(@"^conv(?<axes>[123])d\([x.], ?(?<k>\w+)(, ?(?<c>\w+))??(, ?(padding (?<padding>\d+)|stride (?<stride>\d+)|dilation (?<dilation>\d+)|groups (?<groups>\d+)))*\)$")]
    private static partial Regex Convolution();

    [GeneratedRegex(@"^(?<kind>max|average|avg) ?_?pool(2d)? ?\(?(?<size>\d+)\)?((,? stride (?<stride>\d+))|(,? padding (?<padding>\d+)))*$")]
    private static partial Regex Pooling();

    [GeneratedRegex(@"^(?<f>\w+)\((?<inner>.*)\)$")]
    private static partial Regex Wrapped();
}
