using System.Text.RegularExpressions;
using Glia.Layers;
using Glia.Ops;

namespace Glia.Conformance.Operations;

/// <summary>
/// Stacked recurrent layers as a function of tensors by the reference's names, for cases that differentiate or train its two biases by themselves.
/// </summary>
internal static partial class RecurrentFunction
{
    /// <summary>The top layer's output, (batch, time, …), of x (batch, time, features) from zero states on.</summary>
    public static Tensor Compute(string kind, Tensor x, int layers, bool isBidirectional, Func<string, Tensor?> parameter)
    {
        for (var k = 0; k < layers; k++)
        {
            // One layer may go without its number.
            var suffix = layers == 1 && parameter("weight_ih") is not null ? "" : $"_l{k}";
            var ahead = Run(kind, x, isReverse: false, name => parameter(name + suffix));
            x = isBidirectional ? Tensor.Concat(-1, ahead, Run(kind, x, isReverse: true, name => parameter($"{name}{suffix}_reverse"))) : ahead;
        }
        return x;
    }

    /// <summary>A stage of a described function, such as <c>LSTM over x [T,N,I] with zero initial state; last h</c>; null when it is something else.</summary>
    public static Func<Tensor, IReadOnlyDictionary<string, Tensor>, Tensor>? Stage(string text)
    {
        if (LastOverX().Match(text) is not { Success: true } match)
            return null;
        var layers = match.Groups["layers"].Success ? int.Parse(match.Groups["layers"].Value, System.Globalization.CultureInfo.InvariantCulture) : 1;
        return (x, tensors) => LastStep(
            Compute(match.Groups["kind"].Value, match.Groups["layout"].Value == "T,N,I" ? x.Transpose(0, 1) : x, layers, false, name => tensors.GetValueOrDefault(name)));
    }

    public static Tensor LastStep(Tensor y) => y.Slice(1, y.Shape[1] - 1, 1).Reshape(y.Shape[0], y.Shape[2]);

    private static Tensor Run(string kind, Tensor x, bool isReverse, Func<string, Tensor?> parameter)
    {
        Tensor Get(string name) => parameter(name) ?? throw new FormatException($"the case has no parameter '{name}'");
        var run = new RecurrentRun(null, isReverse, RecurrentParts.Sequence);
        var (ih, hh) = (Get("weight_ih"), Get("weight_hh"));
        var size = hh.Shape[1];
        var zeros = Tensor.Zeros((x.Shape[0], size), x.DType);
        UnsupportedException.ThrowIf(parameter("bias_ih") is null, "described recurrent layers without biases");
        var (biasIh, biasHh) = (Get("bias_ih"), Get("bias_hh"));
        return kind switch
        {
            "LSTM" => new LstmOperation(run).Apply(x, ih, hh, zeros, zeros, biasIh + biasHh),
            "GRU" => new GruOperation(run).Apply(
                x, ih, hh, zeros, biasIh + Tensor.Concat(0, biasHh.Slice(0, 0, 2 * size), Tensor.Zeros(size, x.DType)), biasHh.Slice(0, 2 * size, size)),
            "RNN" => new Tanh().Function.SimpleRnn(run, x, ih, hh, zeros, biasIh + biasHh),
            _ => throw new UnsupportedException($"unsupported: recurrent layer '{kind}'"),
        };
    }

    [GeneratedRegex(@"^((?<layers>\d+)-layer )?(?<kind>LSTM|GRU|RNN) over x \[(?<layout>T,N,I|N,T,I)\] with zero initial state; last h$")]
    private static partial Regex LastOverX();
}

/// <summary>The reference's recurrent module, with its parameters' names, as part of a described network.</summary>
internal sealed class ReferenceRecurrent : Layer
{
    private readonly string _kind;
    private readonly int _layers;
    private readonly bool _isBidirectional;

    public ReferenceRecurrent(string kind, int layers, bool isBidirectional, IEnumerable<(string Name, Shape Shape)> parameters, DType dtype)
    {
        (_kind, _layers, _isBidirectional) = (kind, layers, isBidirectional);
        foreach (var (name, shape) in parameters)
            Add(name, new Parameter(shape, dtype));
    }

    public override Shape OutputShape(Shape input) => (input[0], Find("weight_hh_l0")!.Shape[1] * (_isBidirectional ? 2 : 1));

    public override Tensor Forward(Tensor input, ForwardContext context) => RecurrentFunction.Compute(_kind, input, _layers, _isBidirectional, Find);

    private Tensor? Find(string name) => Parameters.FirstOrDefault(p => p.Name == name);
}

/// <summary>The last time step of a sequence.</summary>
internal sealed class LastStep : Layer
{
    public override Shape OutputShape(Shape input) => input.From(1);

    public override Tensor Forward(Tensor input, ForwardContext context) => RecurrentFunction.LastStep(input);
}
