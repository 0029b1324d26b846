using Microsoft.Data.Sqlite;

namespace Glia.Runs;

/// <summary>A run store cannot be opened, read or written; the message says which file, why, and what to do.</summary>
public sealed class RunStoreException : IOException
{
    internal const int Busy = 5;
    internal const int Locked = 6;
    internal const int ReadOnly = 8;
    private const int Io = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    internal const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>Creates the exception.</summary>
    public RunStoreException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public RunStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public RunStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What SQLite reports, in words.</summary>
    internal static RunStoreException From(SqliteException e, string path) => new($"The run store '{path}' {Reason(e)}", e);

    private static string Reason(SqliteException e) => e.SqliteErrorCode switch
    {
        Busy or Locked => "is locked by another program. Try again when that is done, or choose another file.",
        ReadOnly => "cannot be written: the file or its folder is read-only. Change its permissions, or choose another file.",
        Io => "cannot be read or written: the system reports an error of the disk. Choose another file.",
        Corrupt => "is damaged. Move it away so that a new one is made, or choose another file.",
        Full => "cannot be written: the disk is full.",
        CannotOpen => "cannot be opened: its folder does not exist or may not be used. Choose another file.",
        NotADatabase => "is not an SQLite database. Choose another file.",
        _ => $"cannot be used: {e.Message}",
    };
}
