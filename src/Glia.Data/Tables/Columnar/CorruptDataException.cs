namespace Glia.Data;

/// <summary>What readers of binary tables throw among themselves; <see cref="ColumnarStream"/> makes a <see cref="DataFormatException"/> of it, with file and column.</summary>
internal sealed class CorruptDataException(string message, bool isTruncated = false) : Exception(message)
{
    /// <summary>Whether the data ended too early, so that more of them might do.</summary>
    public bool IsTruncated { get; } = isTruncated;

    /// <summary>Narrows a length or offset of a file to what an array can have.</summary>
    public static int Length(long value, long most, string what) => value >= 0 && value <= Math.Min(most, int.MaxValue)
        ? (int)value
        : throw new CorruptDataException($"{what} is {value}, but must be 0 to {Math.Min(most, int.MaxValue)}; the file is damaged.");
}
