using System.Globalization;

namespace Glia.Data;

/// <summary>Thrown when data that was read is not what it should be: a malformed file, a missing column, a value out of place.</summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Creates the exception; the message becomes <c>file, line 7: message</c>, or <c>file: message</c> without a line.</summary>
    /// <param name="fileName">The file, or the name of the data, that is at fault.</param>
    /// <param name="message">One sentence saying what was found and what was expected.</param>
    /// <param name="line">The line (1-based), where known.</param>
    /// <param name="column">The name of the column, where one is at fault.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public DataFormatException(string fileName, string message, long? line = null, string? column = null, Exception? innerException = null)
        : base(Compose(fileName, message, line), innerException)
    {
        FileName = fileName;
        Line = line;
        Column = column;
    }

    /// <summary>The file as it was given, or the name of the data set.</summary>
    public string FileName { get; }

    /// <summary>The line (1-based) where the fault is; null where no line can be named.</summary>
    public long? Line { get; }

    /// <summary>The name of the column at fault; null where none is.</summary>
    public string? Column { get; }

    private static string Compose(string fileName, string message, long? line) =>
        line is null ? $"{fileName}: {message}" : string.Create(CultureInfo.InvariantCulture, $"{fileName}, line {line}: {message}");
}
