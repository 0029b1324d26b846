namespace Glia.Data;

/// <summary>What the training rows tell about one feature column, chunk by chunk.</summary>
internal sealed class FeatureFitter(string name, ColumnKind kind)
{
    /// <summary>A text column with more different texts than this is not encoded.</summary>
    private const int MaxCategories = 1000;

    /// <summary>A text column whose texts are mostly different is not encoded, if it has at least this many.</summary>
    private const int FewCategories = 10;

    private readonly HashSet<string> _categories = new(StringComparer.Ordinal);
    private RunningMoments _moments;
    private long _missing;
    private long _texts;

    public string Name => name;

    public void Add(Column column)
    {
        _missing += column.MissingCount;
        if (kind == ColumnKind.Numeric)
        {
            foreach (var value in column.Numbers)
            {
                if (!double.IsNaN(value))
                    _moments.Add(value);
            }

            return;
        }

        // Categories of the column that no row uses (a selection keeps them all) are not training categories.
        var used = new bool[column.Categories.Count];
        foreach (var code in column.Codes)
        {
            if (code < 0)
                continue;

            _texts++;
            if (used[code] || _categories.Count > MaxCategories)
                continue;

            used[code] = true;
            _categories.Add(column.Categories[code]);
        }
    }

    /// <summary>The encoding, or null and the reason why the column is left out.</summary>
    public FeatureColumn? Fit(string tableName, out string? note)
    {
        note = null;
        if (_moments.Count == 0 && _texts == 0)
        {
            note = $"column '{name}' is left out: it has no values in the training rows.";
            return null;
        }

        if (kind == ColumnKind.Numeric)
        {
            var scale = _moments.Scale(() => new DataFormatException(
                tableName, $"column '{name}' has values too large to standardise; divide them by a suitable unit.", column: name));
            return new NumericFeature(name, _moments.Mean, scale, _missing > 0);
        }

        if (_categories.Count > MaxCategories || (_categories.Count >= FewCategories && 2 * _categories.Count > _texts))
        {
            var different = _categories.Count > MaxCategories ? $"more than {MaxCategories}" : $"{_categories.Count}";
            note = $"column '{name}' is left out: it has {different} different texts in {_texts} rows, too many to be categories.";
            return null;
        }

        return new CategoricalFeature(name, [.. _categories.Order(StringComparer.Ordinal)], _missing > 0);
    }
}
