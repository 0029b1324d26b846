using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Glia.Conformance.Operations;

/// <summary>
/// From the name of an operation to the function that runs a case of it. A function gives one output <c>y</c>, or several, whose gradients are
/// then taken as the case asks; or it gives all results itself.
/// </summary>
internal sealed class OperationTable : IEnumerable<KeyValuePair<string, Func<ConformanceCase, Results>>>
{
    private readonly Dictionary<string, Func<ConformanceCase, Results>> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<ConformanceCase, Tensor>> _functions = new(StringComparer.Ordinal);

    public void Add(string operation, Func<ConformanceCase, Tensor> function)
    {
        _functions.Add(operation, function);
        Add(operation, c => new Outputs { ["y"] = function(c) });
    }

    public void Add(string operation, Func<ConformanceCase, Outputs> function) => Add(operation, c => Differentiation.Of(c, function(c)));

    public void Add(string operation, Func<ConformanceCase, Results> function) => _rows.Add(operation, function);

    public void Add(OperationTable group)
    {
        foreach (var (operation, function) in group)
            Add(operation, function);
        foreach (var (operation, function) in group._functions)
            _functions.Add(operation, function);
    }

    public bool TryGetValue(string operation, [NotNullWhen(true)] out Func<ConformanceCase, Results>? function) =>
        _rows.TryGetValue(operation, out function);

    /// <summary>The function of an operation with the single output <c>y</c>, without its gradients.</summary>
    public bool TryGetFunction(string operation, [NotNullWhen(true)] out Func<ConformanceCase, Tensor>? function) =>
        _functions.TryGetValue(operation, out function);

    public IEnumerator<KeyValuePair<string, Func<ConformanceCase, Results>>> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
