using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Glia.Runs;

/// <summary>
/// A history of runs in an SQLite database. Several processes may use one at once. To record a training, give its trainer a <see cref="RunRecorder"/>:
/// <code>
/// using var store = RunStore.Open(RunStore.DefaultPath);
/// new Trainer(model, Loss.CrossEntropy, new Adam()) { Callbacks = [new RunRecorder(store) { Name = "first try" }] }.Fit(train, validation);
/// foreach (var run in store.List())
///     Console.WriteLine($"{run.Id} {run.Description.Name} {run.State}");
/// </code>
/// </summary>
public sealed partial class RunStore : IDisposable
{
    private const int IdDigits = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly List<RunWriter> _writers = [];

    private RunStore(SqliteConnection connection, string path, bool isReadOnly) => (_connection, Path, IsReadOnly) = (connection, path, isReadOnly);

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>Whether the file can be read only.</summary>
    public bool IsReadOnly { get; }

    /// <summary>
    /// The user's own store: <c>glia/runs.db</c> in the folder for data of programs (<c>$XDG_DATA_HOME</c> or <c>~/.local/share</c>, <c>%LOCALAPPDATA%</c>,
    /// <c>~/Library/Application Support</c>).
    /// </summary>
    /// <exception cref="RunStoreException">The user has no such folder.</exception>
    public static string DefaultPath =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder
            ? System.IO.Path.Combine(folder, "glia", "runs.db")
            : throw new RunStoreException("There is no folder for the user's data, so there is no default place for the run store. Give a file for it.");

    /// <summary>Opens a store to write to; makes it, and the folder it is in, where it is missing, and brings one of an older version up to date.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RunStoreException">It cannot be written, is damaged, is no run store, or is of a newer version.</exception>
    public static RunStore Open(string path) => Open(path, Schema.Migrations);

    /// <summary>Opens a store that is there already, to read it; one that may not be written is read as it is.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RunStoreException">It is missing, is damaged, is no run store, or is of another version.</exception>
    public static RunStore OpenRead(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new RunStoreException(Directory.Exists(full) ? $"'{path}' is a folder, not a run store. Give the name of a file." : $"There is no run store '{path}'.");
        try
        {
            return Open(full, Schema.Migrations);
        }
        catch (RunStoreException e) when (e.InnerException is SqliteException { SqliteErrorCode: RunStoreException.ReadOnly or RunStoreException.CannotOpen })
        {
            return Guarded(path, () => OpenReadOnly(full));
        }
    }

    /// <summary>Begins the record of a run. It is written from a thread of its own until it is completed, has failed, or is disposed of.</summary>
    /// <param name="description">What is known of it before its first step.</param>
    /// <exception cref="RunStoreException">The store cannot be written.</exception>
    public RunWriter Begin(RunDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (IsReadOnly)
            throw new RunStoreException($"The run store '{Path}' is read-only. Change its permissions, or choose another file.");
        var given = description.Folder is null ? description : description with { Folder = System.IO.Path.GetFullPath(description.Folder) };
        return Guarded(Path, () =>
        {
            const int UniqueViolated = 2067;
            while (true)
            {
                var id = RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
                try
                {
                    var run = new RunWriter(StoreSession.Begin(Path, id, given), id);
                    lock (_gate)
                        _writers.Add(run);
                    return run;
                }
                catch (SqliteException e) when (e.SqliteExtendedErrorCode == UniqueViolated)
                {
                    // Another run has this id; the next is another.
                }
            }
        });
    }

    /// <summary>Deletes the record of a run; files that it left stay.</summary>
    /// <param name="id">The run, as for <see cref="Find"/>.</param>
    /// <exception cref="RunStoreException">There is no such run, it is being trained still, or the store cannot be written.</exception>
    public void Delete(string id)
    {
        var run = Find(id);
        if (run.State == RunState.Running)
            throw new RunStoreException($"The run {run.Id} is being trained. Stop it before it is deleted.");
        Use(connection =>
        {
            using (var transaction = connection.BeginTransaction(deferred: false))
            {
                foreach (var part in Schema.PartsOfARun)
                    StoreConnection.Execute(connection, $"DELETE FROM {part} WHERE run = $run", ("$run", run.Row));
                StoreConnection.Execute(connection, "DELETE FROM runs WHERE row = $run", ("$run", run.Row));
                transaction.Commit();
            }
            Schema.Execute(connection, "PRAGMA incremental_vacuum");
            return 0;
        });
    }

    /// <summary>Closes the file, and the runs that were begun here and are not ended as interrupted.</summary>
    public void Dispose()
    {
        foreach (var run in _writers)
            run.Dispose();
        _connection.Dispose();
    }

    /// <summary>Opens a store of the version that some scripts lead to.</summary>
    internal static RunStore Open(string path, IReadOnlyList<string> migrations)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Guarded(path, () =>
        {
            var full = System.IO.Path.GetFullPath(path);
            if (Directory.Exists(full))
                throw new RunStoreException($"'{path}' is a folder, not a run store. Give the name of a file.");
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
            var connection = StoreConnection.Open(full, SqliteOpenMode.ReadWriteCreate, Patience);
            try
            {
                // A file that may not be written is opened nonetheless.
                if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle!, "main") == 1)
                    throw new SqliteException("read-only", RunStoreException.ReadOnly);
                Schema.Upgrade(connection, path, migrations);
                MarkInterrupted(connection);
                return new RunStore(connection, full, isReadOnly: false);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <summary>Opens a store that may not be written.</summary>
    internal static RunStore OpenReadOnly(string path)
    {
        var connection = StoreConnection.Open(path, SqliteOpenMode.ReadOnly, Patience);
        try
        {
            var version = Schema.VersionOf(connection, path, Schema.Migrations.Count);
            return version == Schema.Migrations.Count
                ? new RunStore(connection, path, isReadOnly: true)
                : throw new RunStoreException(string.Create(CultureInfo.InvariantCulture, $"The run store '{path}' has the older schema version {version} and is read-only, so it cannot be brought up to date. Copy it, and open the copy."));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Says of the runs whose process is gone that they were interrupted, when they were last heard of.</summary>
    private static void MarkInterrupted(SqliteConnection connection)
    {
        var gone = new List<long>();
        using (var select = StoreConnection.Command(connection, "SELECT row, host, process, process_start, heartbeat FROM runs WHERE state = $running", ("$running", nameof(RunState.Running))))
        {
            using var reader = select.ExecuteReader();
            while (reader.Read())
            {
                if (!IsAlive(reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetInt64(4)))
                    gone.Add(reader.GetInt64(0));
            }
        }
        foreach (var row in gone)
        {
            StoreConnection.Execute(
                connection, "UPDATE runs SET state = $interrupted, ended = heartbeat WHERE row = $row AND state = $running",
                ("$interrupted", nameof(RunState.Interrupted)), ("$row", row), ("$running", nameof(RunState.Running)));
        }
    }

    private static bool IsAlive(string host, int process, string start, long heartbeat) =>
        new ProcessIdentity(host, process, start).IsAlive(TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(heartbeat));

    private static T Guarded<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (SqliteException e)
        {
            throw RunStoreException.From(e, path);
        }
        catch (Exception e) when (e is IOException and not RunStoreException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RunStoreException($"The run store '{path}' cannot be made: {e.Message}", e);
        }
    }

    /// <summary>One thread at a time may use a connection.</summary>
    private T Use<T>(Func<SqliteConnection, T> use)
    {
        lock (_gate)
            return Guarded(Path, () => use(_connection));
    }
}
