using Glia.Layers;
using Glia.Memory;
using Glia.Ops;

namespace Glia.Tracing;

/// <summary>
/// Notes which operations run, on what and with which results, while a module computes on a thread. A number that depends on an input and is read by a program is noticed: what the program
/// does with it is no part of the trace.
/// </summary>
internal sealed class Tracer
{
    [ThreadStatic]
    private static Tracer? _current;

    // Whether any thread traces: the only thing looked at while none does.
    private static int _active;

    private readonly Dictionary<Tensor, TracedValue> _values = new(ReferenceEqualityComparer.Instance);

    // What was first met in each piece of memory.
    private readonly Dictionary<(Block Block, int Version), TracedValue> _memory = [];
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly List<TracedNode> _nodes = [];
    private readonly List<TracedValue> _constants = [];
    private readonly List<string> _problems;
    private readonly Tracer? _outer;
    private int _depth;
    private int _unassigned;

    private Tracer(Tracer? outer)
    {
        _outer = outer;
        _problems = outer?._problems ?? [];
    }

    /// <summary>The tracer of this thread, unless none is on or it is inside something that is traced as a whole.</summary>
    public static Tracer? Current => _active == 0 || _current is not { _depth: 0 } tracer ? null : tracer;

    /// <inheritdoc cref="Trace.Of"/>
    public static Trace Run(Module module, IReadOnlyList<(string Name, Tensor Tensor)> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> compute)
    {
        if (_current is not null)
            throw new InvalidOperationException("A trace cannot be taken inside another one.");
        var tracer = new Tracer(null);
        tracer.AddState(module);
        var given = tracer.AddInputs(inputs);
        using var noGrad = Gradients.NoGrad();
        IReadOnlyList<Tensor> outputs;
        Interlocked.Increment(ref _active);
        _current = tracer;
        try
        {
            outputs = compute([.. inputs.Select(i => i.Tensor)]);
        }
        finally
        {
            _current = null;
            Interlocked.Decrement(ref _active);
        }
        return tracer.Finish(given, outputs);
    }

    /// <summary>Numbers of a tensor are about to be read or written by a program.</summary>
    public static void OnAccess(Tensor tensor)
    {
        if (Current is not { } tracer || tracer.Find(tensor) is not { FromInput: true } value)
            return;
        tracer.Problem($"a number {OriginOf(value)} is read by the program, and what it does with it would stand still in the file. Compute with tensor operations only, such as Tensor.Where");
    }

    /// <summary>A program is about to write into a tensor. Operations that used its memory before have noted the numbers of then, and those that come would see them too.</summary>
    public static void OnWrite(Tensor tensor)
    {
        if (Current is not { } tracer || tracer.Find(tensor.Memory) is not { } value)
            return;
        tracer.Problem(value is { Name: { } name, Constant: not null }
            ? $"'{name}' is written to, which a file cannot do"
            : $"a tensor {OriginOf(value)} is written to, which a file cannot do. Make a new tensor, of parts with Tensor.Concat or Tensor.Stack");
    }

    /// <summary>Whether numbers that are read need to be looked at.</summary>
    public static bool IsOn => _active != 0 && _current is not null;

    /// <summary>A tensor that stands for another one.</summary>
    public static void Same(Tensor tensor, Tensor other)
    {
        if (Current is not { } tracer)
            return;
        if (tracer.Find(tensor) is { } value)
            tracer.Set(other, value);
    }

    public bool DependsOnInput(Tensor tensor) => Find(tensor) is { FromInput: true };

    public void Problem(string problem)
    {
        if (!_problems.Contains(problem))
            _problems.Add(problem);
    }

    /// <summary>Does something whose parts are not noted, whether a tracer is on or not.</summary>
    public static void Aside(Action work)
    {
        if (Current is not { } tracer)
        {
            work();
            return;
        }
        tracer.Aside(() =>
        {
            work();
            return true;
        });
    }

    /// <summary>Does something whose parts are not noted.</summary>
    public T Aside<T>(Func<T> work)
    {
        _depth++;
        try
        {
            return work();
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>Does something that the trace shows as one.</summary>
    public Tensor Whole(TracedCall call, params Tensor?[] inputs)
    {
        var y = Aside(() => call.Compute(inputs));
        Add(call, inputs, [y]);
        return y;
    }

    /// <summary>Notes an operation that ran.</summary>
    public void Add(object what, Tensor?[] inputs, Tensor[] outputs, Trace? body = null)
    {
        // A composite whose result is one of its own parts has been noted already.
        if (outputs.Length == 1 && _values.ContainsKey(outputs[0]))
            return;
        var operands = Array.ConvertAll(inputs, x => x is null ? null : Find(x) ?? Constant(x));
        var node = new TracedNode(what, operands) { Body = body };
        var fromInput = Array.Exists(operands, o => o is { FromInput: true }) || body is { Outputs: var inner } && inner.Any(o => o.FromInput);
        node.Outputs = [.. outputs.Select((y, i) => new TracedValue(y.Shape, y.DType) { Node = node, Index = i, FromInput = fromInput })];
        for (var i = 0; i < outputs.Length; i++)
            Set(outputs[i], node.Outputs[i]);
        node.Path = Array.Find(operands, o => o is { Name: not null, Constant: not null })?.Name is { } name ? OwnerOf(name) : null;
        _nodes.Add(node);
    }

    /// <summary>A module begins: what was done before belongs to the one around it.</summary>
    public static void Enter(Module module) => Current?.Started(module);

    /// <summary>A module's output is known: what was done since the last one belongs to it, unless it is known better.</summary>
    public static Tensor Leave(Module module, Tensor output)
    {
        Current?.Finished(module);
        return output;
    }

    private void Started(Module module)
    {
        var path = module.Path;
        path = path.Contains('.', StringComparison.Ordinal) ? path[..path.LastIndexOf('.')] : "";
        for (; _unassigned < _nodes.Count; _unassigned++)
            _nodes[_unassigned].Path ??= path;
    }

    private void Finished(Module module)
    {
        for (; _unassigned < _nodes.Count; _unassigned++)
            _nodes[_unassigned].Path ??= module.Path;
    }

    /// <summary>The same computation for each element of the first axis, with a state that goes along.</summary>
    /// <param name="steps">(time, …).</param>
    /// <param name="states">The state before the first step.</param>
    /// <param name="step">From one element and the state to the output and the next state.</param>
    /// <param name="isReverse">Whether the last element comes first; outputs stand at the places of their elements.</param>
    public (Tensor Outputs, Tensor[] States) Scan(Tensor steps, Tensor[] states, Func<Tensor, Tensor[], (Tensor Output, Tensor[] States)> step, bool isReverse)
    {
        var time = steps.Shape[0];
        Tensor Element(int t) => steps.Slice(0, t, 1).Reshape(steps.Shape.From(1));
        var (outputs, last) = Aside(() =>
        {
            var (all, state) = (new Tensor[time], states);
            for (var i = 0; i < time; i++)
            {
                var t = isReverse ? time - 1 - i : i;
                (all[t], state) = step(Element(t), state);
            }
            return (Tensor.Stack(0, all), state);
        });
        var body = Inner([("step", Aside(() => Element(0))), .. states.Select((s, i) => ($"state{i}", Aside(s.Clone)))], x =>
        {
            var (output, next) = step(x[0], [.. x.Skip(1)]);
            return [.. next, output];
        });
        // The same tensor may be output and state.
        last = [.. last.Select(s => Aside(s.Clone))];
        Add(new ScanCall(isReverse), [steps, .. states], [outputs, .. last], body);
        return (outputs, last);
    }

    /// <summary>A recurrent cell over a batch of sequences, as one operation where ONNX has it, else step by step.</summary>
    public PlainResult Recurrence(PlainCell cell, Tensor x, RecurrentState state, bool isReverse)
    {
        // ONNX Runtime has the operators for 32-bit numbers only.
        if (x.DType == DType.Float32 && cell.Traced(isReverse) is { } call)
        {
            var result = Aside(() => PlainRecurrence.Run(cell, x, state, lengths: null, isReverse));
            // A state may be the very tensor of a step.
            var final = Aside(() => new RecurrentState(result.Final.Hidden.Clone(), result.Final.Cell?.Clone()));
            Tensor[] outputs = [result.Sequence, final.Hidden, .. final.Cell is { } c ? new[] { c } : []];
            Add(call, cell.Operands(x, state), outputs);
            return result with { Final = final };
        }
        Tensor[] states = state.Cell is { } first ? [state.Hidden, first] : [state.Hidden];
        var (stacked, last) = Scan(cell.Share(x.Transpose(0, 1)), states, (share, before) =>
        {
            var next = cell.Step(share, new(before[0], before.Length > 1 ? before[1] : null)).State;
            return (next.Hidden, next.Cell is null ? [next.Hidden] : [next.Hidden, next.Cell]);
        }, isReverse);
        return new(stacked.Transpose(0, 1), new(last[0], last.Length > 1 ? last[1] : null), []);
    }

    private Trace Inner(IReadOnlyList<(string Name, Tensor Tensor)> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> compute)
    {
        var inner = new Tracer(this);
        var given = inner.AddInputs(inputs);
        _current = inner;
        try
        {
            return inner.Finish(given, compute([.. inputs.Select(i => i.Tensor)]));
        }
        finally
        {
            _current = this;
        }
    }

    private void AddState(Module module)
    {
        foreach (var (name, tensor) in module.StateDict())
            Set(tensor, new(tensor.Shape, tensor.DType) { Name = name, Constant = tensor });
    }

    private List<TracedValue> AddInputs(IReadOnlyList<(string Name, Tensor Tensor)> inputs)
    {
        var values = new List<TracedValue>();
        foreach (var (name, tensor) in inputs)
        {
            values.Add(new(tensor.Shape, tensor.DType) { Name = name, Index = values.Count, FromInput = true });
            Set(tensor, values[^1]);
        }
        return values;
    }

    private Trace Finish(IReadOnlyList<TracedValue> inputs, IReadOnlyList<Tensor> outputs)
    {
        TracedValue[] results = [.. outputs.Select(y => Find(y) ?? Constant(y))];
        return new(inputs, _nodes, results, _constants, _problems);
    }

    private void Set(Tensor tensor, TracedValue value)
    {
        _values[tensor] = value;
        _memory.TryAdd(tensor.Memory, value);
    }

    private TracedValue? Find(Tensor tensor) => _values.GetValueOrDefault(tensor) ?? _outer?.Find(tensor);

    private TracedValue? Find((Block Block, int Version) memory) => _memory.GetValueOrDefault(memory) ?? _outer?.Find(memory);

    private static string OriginOf(TracedValue value) => value switch
    {
        { Node: { } node } => $"computed by {node.Name}{(node.Path is { Length: > 0 } path ? $" in layer '{path}'" : "")}",
        { Constant: not null } => "that operations have used before",
        _ => $"of the input '{value.Name}'",
    };

    private TracedValue Constant(Tensor tensor)
    {
        var value = new TracedValue(tensor.Shape, tensor.DType) { Constant = Aside(tensor.Clone), Index = _constants.Count };
        _constants.Add(value);
        Set(tensor, value);
        return value;
    }

    private string OwnerOf(string name)
    {
        if (!_owners.TryGetValue(name, out var owner))
            _owners[name] = owner = name.Contains('.', StringComparison.Ordinal) ? name[..name.LastIndexOf('.')] : "";
        return owner;
    }
}
