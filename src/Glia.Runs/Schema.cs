using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Glia.Runs;

/// <summary>The tables, their version, and the way from an older version to this one.</summary>
internal static class Schema
{
    /// <summary>"Glia" in the header of the file tells our databases from others.</summary>
    public const int ApplicationId = 0x476C6961;

    /// <summary>
    /// Script i leads from version i to i + 1; a script that was released is never changed. Values of steps lie in the order in which they are read, a run and metric at a time, with no row
    /// numbers and no second index. A NULL among values is NaN, which SQLite does not store.
    /// </summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE runs (
          row INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,
          command TEXT,
          folder TEXT,
          seed INTEGER NOT NULL,
          data TEXT NOT NULL,
          fingerprint TEXT NOT NULL,
          family TEXT NOT NULL,
          model TEXT NOT NULL,
          parameters INTEGER NOT NULL,
          measure TEXT NOT NULL,
          state TEXT NOT NULL,
          started INTEGER NOT NULL,
          ended INTEGER,
          heartbeat INTEGER NOT NULL,
          stop_reason TEXT,
          failure TEXT,
          verdict TEXT,
          epochs INTEGER NOT NULL DEFAULT 0,
          steps INTEGER NOT NULL DEFAULT 0,
          best_epoch INTEGER,
          host TEXT NOT NULL,
          process INTEGER NOT NULL,
          process_start TEXT NOT NULL
        );
        CREATE TABLE attributes (run INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value, PRIMARY KEY (run, kind, name)) WITHOUT ROWID;
        CREATE TABLE metrics (metric INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE steps (run INTEGER NOT NULL, metric INTEGER NOT NULL, step INTEGER NOT NULL, value REAL, PRIMARY KEY (run, metric, step)) WITHOUT ROWID;
        CREATE TABLE epochs (run INTEGER NOT NULL, epoch INTEGER NOT NULL, learning_rate REAL, seconds REAL, PRIMARY KEY (run, epoch)) WITHOUT ROWID;
        CREATE TABLE epoch_values (
          run INTEGER NOT NULL, epoch INTEGER NOT NULL, part TEXT NOT NULL, name TEXT NOT NULL, value REAL, PRIMARY KEY (run, epoch, part, name)) WITHOUT ROWID;
        CREATE TABLE findings (
          run INTEGER NOT NULL, place INTEGER NOT NULL, symptom TEXT NOT NULL, severity TEXT NOT NULL, summary TEXT NOT NULL, evidence TEXT NOT NULL, reason TEXT NOT NULL,
          setting TEXT NOT NULL, advice TEXT NOT NULL, code TEXT NOT NULL, value REAL, option TEXT, layer TEXT, step INTEGER, PRIMARY KEY (run, place)) WITHOUT ROWID;
        CREATE TABLE artefacts (run INTEGER NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (run, path)) WITHOUT ROWID;
        """,
    ];

    /// <summary>The tables that hold something of a run.</summary>
    public static IReadOnlyList<string> PartsOfARun { get; } = ["attributes", "steps", "epochs", "epoch_values", "findings", "artefacts"];

    /// <summary>Checks that this is a store, and of which version.</summary>
    /// <exception cref="RunStoreException">It is another program's database, or of a newer version.</exception>
    public static int VersionOf(SqliteConnection connection, string path, int newest)
    {
        var version = (int)Number(connection, "PRAGMA user_version");
        var owner = (int)Number(connection, "PRAGMA application_id");
        if (owner == 0 && version == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_master") == 0)
            return 0;
        if (owner != ApplicationId)
            throw new RunStoreException($"'{path}' is the database of another program, not a run store. Choose another file.");
        return version <= newest
            ? version
            : throw new RunStoreException($"The run store '{path}' has schema version {version}, written by a newer Glia; this one knows versions up to {newest}. Update Glia, or choose another file.");
    }

    /// <summary>Brings a store to the newest version, all or nothing; several processes may do so at once.</summary>
    public static void Upgrade(SqliteConnection connection, string path, IReadOnlyList<string> migrations)
    {
        if (VersionOf(connection, path, migrations.Count) == migrations.Count)
            return;
        if (VersionOf(connection, path, migrations.Count) == 0)
        {
            // Only before the first table: room of deleted runs can be given back to the file system.
            Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL");
            Execute(connection, "PRAGMA journal_mode = WAL");
        }
        using var transaction = connection.BeginTransaction(deferred: false);
        for (var version = VersionOf(connection, path, migrations.Count); version < migrations.Count; version++)
            Execute(connection, migrations[version]);
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {migrations.Count};"));
        transaction.Commit();
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
