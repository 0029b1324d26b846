namespace Glia.Data;

/// <summary>Collects the cells of a column of known kind, up to a known number of rows.</summary>
internal sealed class ColumnBuilder(string name, ColumnKind kind, int capacity)
{
    private readonly double[]? _numbers = kind == ColumnKind.Numeric ? new double[capacity] : null;
    private readonly int[]? _codes = kind == ColumnKind.Categorical ? new int[capacity] : null;
    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private int _count;

    public ColumnKind Kind => kind;

    public void AddMissing()
    {
        if (_numbers is not null)
            _numbers[_count++] = double.NaN;
        else
            _codes![_count++] = -1;
    }

    public void AddNumber(double value) => _numbers![_count++] = value;

    /// <summary>Adds a text that has been added before, by its code.</summary>
    public void AddCode(int code) => _codes![_count++] = code;

    /// <summary>Adds a text; its code.</summary>
    public int AddText(ReadOnlySpan<char> text)
    {
        if (!_codeOf.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var code))
            return AddText(text.ToString());
        AddCode(code);
        return code;
    }

    /// <summary>Adds a text, which is kept as it is rather than copied: columns may have it in common.</summary>
    public int AddText(string text)
    {
        if (!_codeOf.TryGetValue(text, out var code))
            _codeOf.Add(text, code = _codeOf.Count);
        AddCode(code);
        return code;
    }

    public Column Build()
    {
        if (_numbers is not null)
            return new Column(name, Trim(_numbers));

        var categories = new string[_codeOf.Count];
        foreach (var (text, code) in _codeOf)
            categories[code] = text;
        return new Column(name, Trim(_codes!), categories);
    }

    private T[] Trim<T>(T[] values) => _count == values.Length ? values : values.AsSpan(0, _count).ToArray();
}
