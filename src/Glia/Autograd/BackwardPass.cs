using System.Runtime.InteropServices;

namespace Glia.Autograd;

/// <summary>Reverse mode: walks the recorded operations from the latest to the earliest, each handing its inputs their gradients.</summary>
internal sealed class BackwardPass
{
    [ThreadStatic]
    private static BackwardPass? _idle;

    private static long _passes;

    private readonly List<Operation> _operations = [];
    private readonly Stack<Operation> _pending = new();
    private long _pass;
    private bool _createGraph;
    private bool _stopAtTargets;
    private IReadOnlyList<Tensor>? _targets;
    private Tensor?[]? _results;

    /// <summary>Adds ∂y/∂leaf·dy to the gradient of every leaf that y depends on.</summary>
    public static void Run(Tensor y, Tensor dy, bool createGraph) => Rent().RunOnce(y, dy, createGraph, null, null, false);

    /// <summary>
    /// ∂y/∂target·dy for each target, all different; null where y does not depend on it. Nothing is added to leaves. With
    /// <paramref name="stopAtTargets"/> what a target was computed from does not count, so that no path leads through another target.
    /// </summary>
    public static Tensor?[] Gradients(Tensor y, Tensor dy, IReadOnlyList<Tensor> targets, bool createGraph, bool stopAtTargets = false)
    {
        var results = new Tensor?[targets.Count];
        Rent().RunOnce(y, dy, createGraph, targets, results, stopAtTargets);
        return results;
    }

    /// <summary>A pass keeps its lists for the next one; a pass inside a pass gets lists of its own.</summary>
    private static BackwardPass Rent()
    {
        var pass = _idle ?? new BackwardPass();
        _idle = null;
        return pass;
    }

    private void RunOnce(Tensor y, Tensor dy, bool createGraph, IReadOnlyList<Tensor>? targets, Tensor?[]? results, bool stopAtTargets)
    {
        _pass = Interlocked.Increment(ref _passes);
        _createGraph = createGraph;
        _stopAtTargets = stopAtTargets;
        _targets = targets;
        _results = results;
        try
        {
            using (GradientMode.Set(createGraph))
            {
                Collect(y);
                Give(y, dy);
                foreach (var operation in CollectionsMarshal.AsSpan(_operations))
                    Propagate(operation);
            }
        }
        finally
        {
            foreach (var operation in _operations)
                operation.Upstream = null;
            _operations.Clear();
            _pending.Clear();
            _targets = null;
            _results = null;
            _idle = this;
        }
    }

    private void Collect(Tensor y)
    {
        Visit(y);
        while (_pending.TryPop(out var operation))
        {
            _operations.Add(operation);
            foreach (var input in operation.Inputs)
                Visit(input);
        }
        _operations.Sort(static (a, b) => b.Sequence.CompareTo(a.Sequence));
    }

    private void Visit(Tensor tensor)
    {
        if (tensor.Creator is not { } creator || creator.Pass == _pass || (_stopAtTargets && TargetIndex(tensor) >= 0))
            return;
        creator.Pass = _pass;
        creator.Upstream = null;
        _pending.Push(creator);
    }

    private void Propagate(Operation operation)
    {
        if (operation.Upstream is not { } dy)
            return;
        var y = operation.Output!;
        if (y.RetainsGrad)
            y.AccumulateGradient(dy, _createGraph);
        if (_createGraph && operation.Decompose(operation.Inputs) is { } plain)
        {
            PropagateThrough(plain, operation.Inputs, dy);
            return;
        }
        for (var i = 0; i < operation.Inputs.Length; i++)
        {
            var input = operation.Inputs[i];
            if (input.RequiresGrad && operation.InputGradient(i, y, dy) is { } dx)
                Give(input, dx);
        }
        operation.Upstream = null;
    }

    private void PropagateThrough(Tensor plain, Tensor[] inputs, Tensor dy)
    {
        var distinct = inputs.Where(x => x.RequiresGrad).Distinct().ToArray();
        var gradients = Gradients(plain, dy, distinct, createGraph: true, stopAtTargets: true);
        for (var i = 0; i < distinct.Length; i++)
        {
            if (gradients[i] is { } dx)
                Give(distinct[i], dx);
        }
    }

    private void Give(Tensor tensor, Tensor gradient)
    {
        var target = TargetIndex(tensor);
        if (target >= 0)
            _results![target] = _results[target] is { } total ? total + gradient : gradient;
        if (target >= 0 && _stopAtTargets)
            return;
        if (tensor.Creator is { } creator)
            creator.Upstream = creator.Upstream is { } sum ? sum + gradient : gradient;
        else if (_targets is null)
            tensor.AccumulateGradient(gradient, _createGraph);
    }

    private int TargetIndex(Tensor tensor)
    {
        if (_targets is null)
            return -1;
        for (var i = 0; i < _targets.Count; i++)
        {
            if (ReferenceEquals(_targets[i], tensor))
                return i;
        }
        return -1;
    }
}
