namespace Glia.Data;

/// <summary>Turns the rows of a table into features for a network, as fitted on training rows.</summary>
/// <remarks>
/// <para>
/// A numeric column becomes (x − mean) / std, with mean and standard deviation (divisor n) of the training rows and std 1 for a constant
/// column; a missing value becomes 0, that is the mean, and where the training rows had missing values a second feature is 1 for a
/// missing value. A categorical column becomes one feature for each category of the training rows, sorted by character code, 1 for the
/// row's category and 0 otherwise; missing is one more category if the training rows had it; an unknown category is all zeros.
/// </para>
/// <para>
/// Text columns with too many different texts to be categories (more than 1000, or at least 10 and more than half of the values), and
/// columns without any value, are left out; <see cref="Notes"/> says so.
/// </para>
/// </remarks>
public sealed class TableEncoder
{
    private const string Format = "glia.table-encoder";
    private const int Version = 1;

    private readonly FeatureColumn[] _columns;

    private TableEncoder(FeatureColumn[] columns, string[] notes)
    {
        _columns = columns;
        Notes = notes;
        FeatureNames = [.. columns.SelectMany(column => column.FeatureNames)];
        ColumnsNeeded = [.. columns.Select(column => column.Name)];
        ColumnKinds = columns.ToDictionary(column => column.Name, column => column.Kind, StringComparer.Ordinal);
    }

    /// <summary>The name of each feature: a column's name, <c>column=category</c>, or <c>column (missing)</c>.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The columns that a table must have to be encoded; others, such as the target, are not looked at.</summary>
    public IReadOnlyList<string> ColumnsNeeded { get; }

    /// <summary>The kind of each needed column, for <see cref="CsvOptions.Kinds"/> when reading new data.</summary>
    public IReadOnlyDictionary<string, ColumnKind> ColumnKinds { get; }

    /// <summary>Which columns were left out at fitting and why, a sentence each; empty after loading.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>By which mean and deviation a numeric column is standardised; null for any other column.</summary>
    internal (double Mean, double Std)? ScaleOf(string column) => _columns.FirstOrDefault(c => c.Name == column) is NumericFeature numeric ? numeric.Scale : null;

    /// <summary>Fits the encoding on training rows.</summary>
    /// <param name="table">The training rows.</param>
    /// <param name="targetColumn">The column to be predicted, which is no feature.</param>
    /// <param name="ignoredColumns">Further columns that are no features; null for none.</param>
    /// <exception cref="DataFormatException">A named column does not exist, or no column is left to learn from.</exception>
    public static TableEncoder Fit(Table table, string targetColumn, IReadOnlyCollection<string>? ignoredColumns = null) =>
        Fit([table], targetColumn, ignoredColumns);

    /// <summary>Fits the encoding on training rows that come in pieces, in one pass and without keeping them.</summary>
    /// <param name="chunks">The training rows, such as <see cref="TableStream.ReadChunks(int)"/> gives them.</param>
    /// <param name="targetColumn">The column to be predicted, which is no feature.</param>
    /// <param name="ignoredColumns">Further columns that are no features; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="chunks"/> is empty.</exception>
    /// <exception cref="DataFormatException">A named column does not exist, or no column is left to learn from.</exception>
    public static TableEncoder Fit(IEnumerable<Table> chunks, string targetColumn, IReadOnlyCollection<string>? ignoredColumns = null)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(targetColumn);
        FeatureFitter[]? fitters = null;
        var tableName = "";
        foreach (var chunk in chunks)
        {
            fitters ??= Begin(chunk, [targetColumn, .. ignoredColumns ?? []]);
            tableName = chunk.Name;
            foreach (var fitter in fitters)
                fitter.Add(chunk[fitter.Name]);
        }

        if (fitters is null)
            throw new ArgumentException("There are no training rows to fit on.", nameof(chunks));

        var columns = new List<FeatureColumn>();
        var notes = new List<string>();
        foreach (var fitter in fitters)
        {
            if (fitter.Fit(tableName, out var note) is { } column)
                columns.Add(column);
            else
                notes.Add(note!);
        }

        if (columns.Count == 0)
        {
            throw new DataFormatException(
                tableName,
                $"no column is left to predict '{targetColumn}' from{string.Concat(notes.Select(note => "; " + note.TrimEnd('.')))}.");
        }

        return new TableEncoder([.. columns], [.. notes]);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <exception cref="DataFormatException">The text is not a saved encoder of a known version.</exception>
    public static TableEncoder FromJson(string json, string fileName = "table encoder") =>
        JsonNode.Read(json, fileName, Format, Version, root =>
        {
            FeatureColumn[] columns = [.. root.Objects("columns").Select(FeatureColumn.Read)];
            return columns.Length > 0 && columns.DistinctBy(column => column.Name, StringComparer.Ordinal).Count() == columns.Length
                ? new TableEncoder(columns, [])
                : throw root.Error("columns", "columns of different names, at least one");
        });

    /// <summary>Encodes all rows.</summary>
    /// <param name="table">A table with at least <see cref="ColumnsNeeded"/>.</param>
    /// <returns>rows × features, row by row.</returns>
    /// <exception cref="DataFormatException">A needed column is missing or holds texts where the training rows held numbers.</exception>
    public float[] Transform(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var length = (long)table.RowCount * FeatureNames.Count;
        if (length > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{table.RowCount} rows of {FeatureNames.Count} features do not fit into one array; encode the rows in chunks.",
                nameof(table));
        }

        var features = new float[length];
        Transform(table, features);
        return features;
    }

    /// <summary>Encodes all rows into memory of the caller.</summary>
    /// <param name="table">A table with at least <see cref="ColumnsNeeded"/>.</param>
    /// <param name="destination">Receives rows × features, row by row; exactly that long.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not rows × features long.</exception>
    /// <exception cref="DataFormatException">A needed column is missing or holds texts where the training rows held numbers.</exception>
    public void Transform(Table table, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(table);
        var stride = FeatureNames.Count;
        if (destination.Length != (long)table.RowCount * stride)
        {
            throw new ArgumentException(
                $"{table.RowCount} rows of {stride} features need {(long)table.RowCount * stride} numbers, "
                + $"but there is room for {destination.Length}.",
                nameof(destination));
        }

        var offset = 0;
        foreach (var feature in _columns)
        {
            if (!table.TryGetColumn(feature.Name, out var column))
            {
                throw new DataFormatException(
                    table.Name, $"{(table.LeftOut.TryGetValue(feature.Name, out var why) ? why.TrimEnd('.') : $"the column '{feature.Name}' is missing")}; the model needs the columns: {ClosestName.List(ColumnsNeeded)}.",
                    column: feature.Name);
            }

            feature.Encode(table, column, destination, offset, stride);
            offset += feature.FeatureNames.Count;
        }
    }

    /// <summary>The fitted encoding as JSON text, to be saved with the model.</summary>
    public string ToJson() => JsonNode.Write(Format, Version, writer =>
    {
        writer.WriteStartArray("columns");
        foreach (var column in _columns)
            column.Write(writer);
        writer.WriteEndArray();
    });

    private static FeatureFitter[] Begin(Table table, string[] excluded)
    {
        foreach (var name in excluded)
            _ = table[name];

        return [.. table.Columns.Where(column => !excluded.Contains(column.Name, StringComparer.Ordinal))
            .Select(column => new FeatureFitter(column.Name, column.Kind))];
    }
}
