using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Glia.Runs;

/// <summary>
/// The statement that every step is written with, without the wrapper around it: that costs several times what SQLite itself does, and objects for each row. See docs/runs.md for what
/// recording costs.
/// </summary>
internal sealed class StepStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public StepStatement(SqliteConnection connection, long run)
    {
        _database = connection.Handle!;
        Require(raw.sqlite3_prepare_v2(_database, "INSERT OR REPLACE INTO steps (run, metric, step, value) VALUES (?, ?, ?, ?)", out _statement));
        Require(raw.sqlite3_bind_int64(_statement, 1, run));
    }

    public void Execute(long metric, long step, double value)
    {
        raw.sqlite3_bind_int64(_statement, 2, metric);
        raw.sqlite3_bind_int64(_statement, 3, step);
        // NaN becomes NULL.
        raw.sqlite3_bind_double(_statement, 4, value);
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            Require(result);
    }

    public void Dispose() => _statement.Dispose();

    private void Require(int result)
    {
        if (result != raw.SQLITE_OK)
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), result);
    }
}
