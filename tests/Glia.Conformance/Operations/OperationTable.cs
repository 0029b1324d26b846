using System.Collections;

namespace Glia.Conformance.Operations;

/// <summary>
/// From the name of an operation to the function that runs a case of it. A function gives one output <c>y</c>, or several, whose gradients are
/// then taken as the case asks; or it gives all results itself.
/// </summary>
internal sealed class OperationTable : IEnumerable<KeyValuePair<string, Func<ConformanceCase, Results>>>
{
    private readonly Dictionary<string, Func<ConformanceCase, Results>> _rows = new(StringComparer.Ordinal);

    public void Add(string operation, Func<ConformanceCase, Tensor> function) => Add(operation, c => new Outputs { ["y"] = function(c) });

    public void Add(string operation, Func<ConformanceCase, Outputs> function) => Add(operation, c => Differentiation.Of(c, function(c)));

    public void Add(string operation, Func<ConformanceCase, Results> function) => _rows.Add(operation, function);

    public void Add(OperationTable group)
    {
        foreach (var (operation, function) in group)
            Add(operation, function);
    }

    public bool TryGetValue(string operation, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Func<ConformanceCase, Results>? function) =>
        _rows.TryGetValue(operation, out function);

    public IEnumerator<KeyValuePair<string, Func<ConformanceCase, Results>>> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
