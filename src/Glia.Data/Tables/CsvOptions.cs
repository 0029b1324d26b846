namespace Glia.Data;

/// <summary>How a CSV file is read. The defaults suit almost every file.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// The texts that stand for a missing value unless <see cref="MissingValues"/> says otherwise: the empty text, <c>?</c>, <c>NA</c>,
    /// <c>N/A</c>, <c>NaN</c>, <c>nan</c>, <c>null</c>, <c>NULL</c> and <c>-</c>.
    /// </summary>
    public static IReadOnlyList<string> DefaultMissingValues { get; } = ["", "?", "NA", "N/A", "NaN", "nan", "null", "NULL", "-"];

    /// <summary>The character between fields (ASCII); null, the default, finds it among comma, semicolon, tab and bar.</summary>
    public char? Separator { get; init; }

    /// <summary>The texts, compared exactly after trimming, that stand for a missing value.</summary>
    public IReadOnlyList<string> MissingValues { get; init; } = DefaultMissingValues;

    /// <summary>
    /// The kinds of columns whose kind is not to be inferred, by name; names that the file does not have are ignored. Reading data for a
    /// fitted model takes <see cref="TableEncoder.ColumnKinds"/> here, so that one row of new data is read as the training data were.
    /// </summary>
    public IReadOnlyDictionary<string, ColumnKind> Kinds { get; init; } = new Dictionary<string, ColumnKind>();
}
