using Glia.Layers;
using Glia.Replay;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>A node with the values of its inputs, about to be computed: what an operator's definition reads.</summary>
internal sealed class NodeCall(Node node, Value?[] inputs, Execution execution)
{
    public Node Node => node;

    public Attributes Attributes => node.Attributes;

    public int Opset => node.Opset;

    public int Count => inputs.Length;

    public Execution Execution => execution;

    public ForwardContext Context => execution.Context;

    /// <summary>How many outputs the node names.</summary>
    public int Outputs => node.Outputs.Length;

    /// <summary>The first input.</summary>
    public Tensor X => In(0);

    public bool Has(int i) => i < inputs.Length && inputs[i] is not null;

    /// <summary>Whether somebody wants an output.</summary>
    public bool Wants(int output) => output < node.Outputs.Length && node.Outputs[output].Length > 0;

    public Value Value(int i) => i < inputs.Length && inputs[i] is { } value ? value : throw new ArgumentException($"input {i} is missing.");

    public Tensor In(int i) => Value(i).Tensor;

    public Tensor? Maybe(int i) => Has(i) ? inputs[i]!.Tensor : null;

    public OnnxElementType Type(int i) => Value(i).Type;

    public IEnumerable<Value> All() => Enumerable.Range(0, Count).Select(Value);

    /// <summary>The whole numbers of an input that is read on the host, such as a shape.</summary>
    public long[] Integers(int i) => Read(Value(i), static t => t.DType switch
    {
        DType.Int64 => t.ToArray<long>(),
        DType.Int32 => Array.ConvertAll(t.ToArray<int>(), x => (long)x),
        _ => throw new ArgumentException($"whole numbers were expected but got {t.DType}."),
    });

    /// <summary>The same as sizes or axes.</summary>
    public int[] Ints(int i) => Narrow(Integers(i));

    public double[] Numbers(int i) => Read(Value(i), static t => Enumerable.Range(0, t.Count).Select(t.GetFlat).ToArray());

    /// <summary>The one number of an input.</summary>
    public double Number(int i) => Numbers(i) is [var number] ? number : throw new ArgumentException($"input {i} should be one number but has shape {In(i).Shape}.");

    /// <summary>Whole numbers from an input, where newer versions have them, or else from a setting.</summary>
    public int[]? IntsOf(int input, string attribute) => Has(input) ? Ints(input) : Attributes.Ints(attribute) is { } values ? Narrow(values) : null;

    public int Int(string name, int otherwise) => Narrow(Attributes.Int(name, otherwise));

    public int[]? Ints(string name) => Attributes.Ints(name) is { } values ? Narrow(values) : null;

    public double Float(string name, double otherwise) => Attributes.Float(name, otherwise);

    public bool Flag(string name, bool otherwise = false) => Attributes.Flag(name, otherwise);

    public string Text(string name, string otherwise) => Attributes.Text(name, otherwise);

    /// <summary>One output of the first input's type.</summary>
    public Value[] Same(Tensor y) => [new(y, Type(0))];

    /// <summary>Numbers that a program reads: at once where they never change, else in a way that a recording notices.</summary>
    public static T Read<T>(Value value, Func<Tensor, T> read) =>
        value.IsKnown ? Recorder.Fixed((value.Tensor, read), static s => s.read(s.Tensor)) : read(value.Tensor);

    private static int[] Narrow(long[] values) => Array.ConvertAll(values, Narrow);

    // Ends of slices and the like may be as far away as the type allows.
    private static int Narrow(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}
