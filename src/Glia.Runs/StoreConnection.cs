using Microsoft.Data.Sqlite;

namespace Glia.Runs;

/// <summary>Connections to a store, set up in one way.</summary>
internal static class StoreConnection
{
    /// <summary>Opens the file; what is in it is not looked at yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it may be made and written.</param>
    /// <param name="patience">How long to wait for others who are writing.</param>
    public static SqliteConnection Open(string path, SqliteOpenMode mode, TimeSpan patience)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            // A pool would keep the file open after the store is closed.
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds),
        }.ToString());
        try
        {
            connection.Open();
            // With write-ahead logging this never damages the file; a power failure may cost the last moments before it.
            Schema.Execute(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {(int)patience.TotalMilliseconds}; PRAGMA synchronous = NORMAL;"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value is null or double.NaN ? DBNull.Value : value);
        return command;
    }

    public static int Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }
}
