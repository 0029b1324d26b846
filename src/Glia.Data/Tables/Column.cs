using System.Globalization;

namespace Glia.Data;

/// <summary>One named column of a <see cref="Table"/>: numbers, or texts as indices into the list of different texts.</summary>
public sealed class Column
{
    private readonly double[]? _numbers;
    private readonly int[]? _codes;
    private readonly string[] _categories;

    internal Column(string name, double[] numbers)
    {
        Name = name;
        _numbers = numbers;
        _categories = [];
        Count = numbers.Length;
        MissingCount = numbers.Count(double.IsNaN);
    }

    internal Column(string name, int[] codes, string[] categories)
    {
        Name = name;
        _codes = codes;
        _categories = categories;
        Count = codes.Length;
        MissingCount = codes.Count(code => code < 0);
    }

    /// <summary>The name in the header.</summary>
    public string Name { get; }

    /// <summary>Numbers or categories.</summary>
    public ColumnKind Kind => _numbers is not null ? ColumnKind.Numeric : ColumnKind.Categorical;

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The number of rows without a value.</summary>
    public int MissingCount { get; }

    /// <summary>The values of a numeric column, one per row; NaN where the value is missing, otherwise finite.</summary>
    /// <exception cref="InvalidOperationException">The column is categorical.</exception>
    public ReadOnlySpan<double> Numbers =>
        _numbers ?? throw new InvalidOperationException($"Column '{Name}' holds categories, not numbers; read Codes and Categories.");

    /// <summary>The values of a categorical column, one per row, as indices into <see cref="Categories"/>; −1 where missing.</summary>
    /// <exception cref="InvalidOperationException">The column is numeric.</exception>
    public ReadOnlySpan<int> Codes =>
        _codes ?? throw new InvalidOperationException($"Column '{Name}' holds numbers, not categories; read Numbers.");

    /// <summary>The different texts of a categorical column, in order of first appearance; empty for a numeric column.</summary>
    public IReadOnlyList<string> Categories => _categories;

    /// <summary>Makes a numeric column.</summary>
    /// <param name="name">The name; not empty.</param>
    /// <param name="values">One value per row; NaN means missing, infinity is refused.</param>
    /// <exception cref="ArgumentException">The name is empty or a value is infinite.</exception>
    public static Column FromNumbers(string name, ReadOnlySpan<double> values)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        foreach (var value in values)
        {
            if (double.IsInfinity(value))
                throw new ArgumentException($"Column '{name}' holds an infinite value; use NaN for a missing one.", nameof(values));
        }

        return new Column(name, values.ToArray());
    }

    /// <summary>Makes a categorical column.</summary>
    /// <param name="name">The name; not empty.</param>
    /// <param name="values">One text per row; null means missing.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Column FromTexts(string name, IReadOnlyList<string?> values)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        var builder = new ColumnBuilder(name, ColumnKind.Categorical, values.Count);
        foreach (var value in values)
        {
            if (value is null)
                builder.AddMissing();
            else
                builder.AddText(value);
        }

        return builder.Build();
    }

    /// <summary>Whether the row has no value.</summary>
    public bool IsMissing(int row) => _numbers is not null ? double.IsNaN(_numbers[row]) : _codes![row] < 0;

    /// <summary>The row's value as text: the category, or the number in its shortest exact form; null where missing.</summary>
    public string? GetText(int row) => IsMissing(row) ? null
        : _numbers is not null ? FormatNumber(_numbers[row])
        : _categories[_codes![row]];

    // Adding zero turns −0 into 0, which is the same number and must not read as another text.
    internal static string FormatNumber(double value) => (value + 0.0).ToString("R", CultureInfo.InvariantCulture);

    internal Column Select(ReadOnlySpan<int> rows)
    {
        if (_numbers is null)
            return new Column(Name, Gather(_codes!, rows), _categories);

        return new Column(Name, Gather(_numbers, rows));
    }

    private static T[] Gather<T>(T[] values, ReadOnlySpan<int> rows)
    {
        var gathered = new T[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            gathered[i] = values[rows[i]];
        return gathered;
    }
}
