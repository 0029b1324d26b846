namespace Glia.Data;

/// <summary>A column as the file names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The kind that its type means.</param>
/// <param name="Refusal">Why it cannot be read, as the end of a sentence; null if it can.</param>
internal sealed record ColumnarColumn(string Name, ColumnKind Kind, string? Refusal);
