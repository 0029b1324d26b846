namespace Glia.Data;

/// <summary>What the rows tell about the target column, chunk by chunk.</summary>
internal sealed class TargetFitter(string column)
{
    /// <summary>More different values than this are no classes.</summary>
    private const int MaxClasses = 1000;

    /// <summary>Numbers are taken for classes only if there are at most this many different ones.</summary>
    private const int MaxNumericClasses = 20;

    private readonly Dictionary<string, (long Count, string Where)> _values = new(StringComparer.Ordinal);
    private RunningMoments _moments;
    private string _table = "";
    private bool _tooMany;
    private bool _integers = true;
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private long _rows;

    public ColumnKind Kind { get; private set; }

    public void Add(Table table)
    {
        var target = table[column];
        _table = table.Name;
        Kind = target.Kind;
        for (var row = 0; row < target.Count; row++)
        {
            if (target.IsMissing(row))
                throw NoValue(table, column, row);

            _rows++;
            if (Kind == ColumnKind.Numeric)
                AddNumber(target.Numbers[row]);
            if (_tooMany)
                continue;

            var text = target.GetText(row)!;
            var (count, where) = _values.GetValueOrDefault(text, (0, table.Locate(row)));
            _values[text] = (count + 1, where);
            _tooMany = _values.Count > MaxClasses;
        }
    }

    /// <summary>The error of a row without a value of the target.</summary>
    public static DataFormatException NoValue(Table table, string column, int row) =>
        table.Error(row, column, $"the target column '{column}' has no value; every row needs one, so fill it in or remove the row.");

    /// <summary>
    /// Text means classes. Numbers mean classes if they are integers, at most 20 different ones with at least 5 rows each on average,
    /// and close together (the range at most twice the number of values), or if they are just two integers.
    /// </summary>
    public TaskKind FindTask()
    {
        if (Kind == ColumnKind.Categorical)
            return TaskKind.Classification;

        var different = _values.Count;
        var classes = _integers && (different <= 2
            || (different <= MaxNumericClasses && _rows >= 5L * different && _max - _min <= 2 * different));
        return classes ? TaskKind.Classification : TaskKind.Regression;
    }

    /// <summary>The classes in order: as numbers if all are, otherwise by character code.</summary>
    public string[] Classes()
    {
        if (_tooMany || (_values.Count > MaxNumericClasses && 2L * _values.Count > _rows))
        {
            throw Error(
                $"the target column '{column}' has {(_tooMany ? $"more than {MaxClasses}" : _values.Count)} different values "
                + $"in {_rows} rows, too many to be classes; choose another target column.");
        }

        CheckVaries();
        foreach (var (text, (count, where)) in _values)
        {
            if (count == 1)
            {
                throw Error(
                    $"class '{text}' of the target column '{column}' has a single row ({where}), but at least 2 are needed, "
                    + "one to train and one to validate; remove the row or merge the class with another.");
            }
        }

        return SortClasses(_values.Keys);
    }

    public (double Mean, double Std) Scale()
    {
        CheckVaries();
        var std = _moments.Scale(
            () => Error($"the target column '{column}' has values too large to standardise; divide them by a suitable unit."));
        return (_moments.Mean, std);
    }

    private static string[] SortClasses(IEnumerable<string> classes)
    {
        var ordered = classes.Order(StringComparer.Ordinal).ToArray();
        return ordered.All(text => TargetEncoder.TryParse(text, out _))
            ? [.. ordered.OrderBy(text => TargetEncoder.TryParse(text, out var number) ? number : 0)]
            : ordered;
    }

    private void CheckVaries()
    {
        if (_values.Count == 1)
        {
            throw Error(
                $"the target column '{column}' has the same value ('{_values.Keys.First()}') in every row, so there is nothing to learn; "
                + "choose another target column or add rows with other values.");
        }
    }

    private void AddNumber(double number)
    {
        _moments.Add(number);
        _integers &= number == Math.Floor(number);
        _min = Math.Min(_min, number);
        _max = Math.Max(_max, number);
    }

    private DataFormatException Error(string message) => new(_table, message, column: column);
}
