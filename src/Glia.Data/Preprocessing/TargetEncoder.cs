using System.Globalization;

namespace Glia.Data;

/// <summary>Turns a target column into class indices or standardised numbers, and predictions back into the user's terms.</summary>
/// <remarks>
/// The task is found from the column unless it is given. Text means classification. Numbers mean classification if they are integers and
/// either at most two different ones, or at most 20 different ones that have at least 5 rows each on average and lie close together
/// (greatest − least ≤ 2 × their number); otherwise regression.
/// </remarks>
public sealed class TargetEncoder
{
    private const string Format = "glia.target-encoder";
    private const int Version = 1;

    private readonly Dictionary<string, int> _indexOf = new(StringComparer.Ordinal);
    private readonly Dictionary<double, int> _indexOfNumber = [];

    private TargetEncoder(string column, ColumnKind kind, TaskKind task, string[] classes, double mean, double std)
    {
        ColumnName = column;
        ColumnKind = kind;
        Task = task;
        Classes = classes;
        Mean = mean;
        Std = std;
        for (var i = 0; i < classes.Length; i++)
        {
            _indexOf[classes[i]] = i;
            if (TryParse(classes[i], out var number))
                _indexOfNumber.TryAdd(number, i);
        }
    }

    /// <summary>The name of the target column.</summary>
    public string ColumnName { get; }

    /// <summary>Whether the column held numbers or texts, for <see cref="CsvOptions.Kinds"/> when reading new data.</summary>
    public ColumnKind ColumnKind { get; }

    /// <summary>Classification or regression.</summary>
    public TaskKind Task { get; }

    /// <summary>
    /// The classes in the order of their indices: by value if all are numbers, otherwise by character code. Empty for regression.
    /// </summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Regression: the mean of the training values, in the user's units; 0 for classification.</summary>
    public double Mean { get; }

    /// <summary>Regression: the standard deviation (divisor n) of the training values, in the user's units; 1 for classification.</summary>
    public double Std { get; }

    /// <summary>Fits the encoding on the rows of a table.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="targetColumn">The column to be predicted.</param>
    /// <param name="task">Classification or regression; null to find it from the values.</param>
    /// <exception cref="DataFormatException">
    /// The column does not exist, lacks a value, has one value only, a class with a single row, or does not suit the given task.
    /// </exception>
    public static TargetEncoder Fit(Table table, string targetColumn, TaskKind? task = null) => Fit([table], targetColumn, task);

    /// <summary>Fits the encoding on rows that come in pieces, in one pass and without keeping them.</summary>
    /// <param name="chunks">The rows, such as <see cref="TableStream.ReadChunks(int)"/> gives them.</param>
    /// <param name="targetColumn">The column to be predicted.</param>
    /// <param name="task">Classification or regression; null to find it from the values.</param>
    /// <exception cref="ArgumentException"><paramref name="chunks"/> is empty.</exception>
    /// <exception cref="DataFormatException">
    /// The column does not exist, lacks a value, has one value only, a class with a single row, or does not suit the given task.
    /// </exception>
    public static TargetEncoder Fit(IEnumerable<Table> chunks, string targetColumn, TaskKind? task = null)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(targetColumn);
        var fitter = new TargetFitter(targetColumn);
        Table? last = null;
        foreach (var chunk in chunks)
            fitter.Add(last = chunk);

        if (last is null or { RowCount: 0 })
            throw new ArgumentException("There are no rows to fit on.", nameof(chunks));

        var found = task ?? fitter.FindTask();
        if (found == TaskKind.Classification)
            return new TargetEncoder(targetColumn, fitter.Kind, found, fitter.Classes(), 0, 1);

        if (fitter.Kind == ColumnKind.Categorical)
        {
            throw new DataFormatException(
                last.Name, $"the target column '{targetColumn}' holds texts, but regression needs numbers.", column: targetColumn);
        }

        var (mean, std) = fitter.Scale();
        return new TargetEncoder(targetColumn, fitter.Kind, found, [], mean, std);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <exception cref="DataFormatException">The text is not a saved encoder of a known version.</exception>
    public static TargetEncoder FromJson(string json, string fileName = "target encoder") =>
        JsonNode.Read(json, fileName, Format, Version, root =>
        {
            var column = root.Text("column");
            var kind = root.Flag("numeric") ? ColumnKind.Numeric : ColumnKind.Categorical;
            switch (root.Text("task"))
            {
                case "regression":
                    return new TargetEncoder(column, kind, TaskKind.Regression, [], root.Number("mean"), root.PositiveNumber("std"));
                case "classification":
                    var classes = root.Texts("classes");
                    return classes.Length >= 2
                        ? new TargetEncoder(column, kind, TaskKind.Classification, classes, 0, 1)
                        : throw root.Error("classes", "at least two classes");
                default:
                    throw root.Error("task", "'classification' or 'regression'");
            }
        });

    /// <summary>The class index of every row.</summary>
    /// <exception cref="InvalidOperationException">The task is regression.</exception>
    /// <exception cref="DataFormatException">The column is missing, or a row has no value or an unknown class.</exception>
    public int[] EncodeClasses(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (Task != TaskKind.Classification)
            throw new InvalidOperationException($"The target '{ColumnName}' is a number, not a class; call EncodeValues.");

        var column = table[ColumnName];
        var indices = new int[column.Count];
        for (var row = 0; row < indices.Length; row++)
        {
            var text = column.GetText(row) ?? throw NoValue(table, row);
            var known = column.Kind == ColumnKind.Numeric
                ? _indexOfNumber.TryGetValue(column.Numbers[row], out indices[row])
                : _indexOf.TryGetValue(text, out indices[row]);
            if (!known)
            {
                throw table.Error(
                    row, ColumnName,
                    $"class '{text}' of the target column '{ColumnName}' is unknown; the classes are: {ClosestName.List(Classes)}.");
            }
        }

        return indices;
    }

    /// <summary>(y − mean) / std of every row.</summary>
    /// <exception cref="InvalidOperationException">The task is classification.</exception>
    /// <exception cref="DataFormatException">The column is missing or holds texts, or a row has no value.</exception>
    public float[] EncodeValues(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (Task != TaskKind.Regression)
            throw new InvalidOperationException($"The target '{ColumnName}' is a class, not a number; call EncodeClasses.");

        var column = table[ColumnName];
        var values = new float[column.Count];
        for (var row = 0; row < values.Length; row++)
        {
            if (column.IsMissing(row))
                throw NoValue(table, row);
            if (column.Kind == ColumnKind.Categorical)
            {
                throw table.Error(
                    row, ColumnName, $"the target column '{ColumnName}' must hold numbers, but here has '{column.GetText(row)}'.");
            }

            values[row] = (float)((column.Numbers[row] - Mean) / Std);
            if (!float.IsFinite(values[row]))
            {
                throw table.Error(
                    row, ColumnName,
                    $"the target column '{ColumnName}' has {column.GetText(row)}, which is out of all proportion to the training data.");
            }
        }

        return values;
    }

    /// <summary>A standardised number in the user's units: value · std + mean.</summary>
    /// <exception cref="InvalidOperationException">The task is classification.</exception>
    public double Decode(float value) => Task == TaskKind.Regression
        ? value * Std + Mean
        : throw new InvalidOperationException($"The target '{ColumnName}' is a class; read Classes[index].");

    /// <summary>The fitted encoding as JSON text, to be saved with the model.</summary>
    public string ToJson() => JsonNode.Write(Format, Version, writer =>
    {
        writer.WriteString("column", ColumnName);
        writer.WriteBoolean("numeric", ColumnKind == ColumnKind.Numeric);
        if (Task == TaskKind.Regression)
        {
            writer.WriteString("task", "regression");
            writer.WriteNumber("mean", Mean);
            writer.WriteNumber("std", Std);
            return;
        }

        writer.WriteString("task", "classification");
        writer.WriteStartArray("classes");
        foreach (var name in Classes)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    });

    internal static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private DataFormatException NoValue(Table table, int row) => TargetFitter.NoValue(table, ColumnName, row);
}
