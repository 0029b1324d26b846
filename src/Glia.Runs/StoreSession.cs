using Glia.Diagnostics;
using Glia.Training;
using Microsoft.Data.Sqlite;

namespace Glia.Runs;

/// <summary>The connection of a run that is being written, and how its parts become rows.</summary>
internal sealed class StoreSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SqliteConnection _connection;
    private readonly long _run;
    private readonly StepStatement _insertStep;
    private long[] _metricRows = [];

    private StoreSession(SqliteConnection connection, string path, long run) => (_connection, Path, _run, _insertStep) = (connection, path, run, new StepStatement(connection, run));

    public string Path { get; }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Adds the row of a run that begins.</summary>
    public static StoreSession Begin(string path, string id, RunDescription description)
    {
        var connection = StoreConnection.Open(path, SqliteOpenMode.ReadWrite, Patience);
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            var process = ProcessIdentity.Current;
            using var insert = StoreConnection.Command(
                connection,
                """
                INSERT INTO runs (id, name, command, folder, seed, data, fingerprint, family, model, parameters, measure, state, started, heartbeat, host, process, process_start)
                VALUES ($id, $name, $command, $folder, $seed, $data, $fingerprint, $family, $model, $parameters, $measure, $state, $now, $now, $host, $process, $start) RETURNING row
                """,
                ("$id", id),
                ("$name", description.Name),
                ("$command", description.Command),
                ("$folder", description.Folder),
                ("$seed", unchecked((long)description.Seed)),
                ("$data", description.Data),
                ("$fingerprint", description.Fingerprint),
                ("$family", description.Family),
                ("$model", description.Model),
                ("$parameters", description.Parameters),
                ("$measure", description.Measure),
                ("$state", nameof(RunState.Running)),
                ("$now", Now),
                ("$host", process.Host),
                ("$process", process.Process),
                ("$start", process.Start));
            var session = new StoreSession(connection, path, (long)insert.ExecuteScalar()!);
            session.WriteAttributes(connection, AttributeKind.Setting, description.Settings);
            session.WriteAttributes(connection, AttributeKind.Tag, description.Tags);
            session.WriteAttributes(connection, AttributeKind.Environment, RunEnvironment.Read());
            transaction.Commit();
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes all or nothing.</summary>
    /// <param name="buffer">What is new.</param>
    /// <param name="metrics">The names of the metrics by their places.</param>
    /// <param name="progress">How far the run has come.</param>
    /// <param name="patience">How long to wait for others who are writing; null for a moment.</param>
    public void Write(WriteBuffer buffer, string[] metrics, RunProgress progress, TimeSpan? patience)
    {
        var wait = patience ?? Patience;
        _connection.DefaultTimeout = (int)wait.TotalSeconds;
        Schema.Execute(_connection, FormattableString.Invariant($"PRAGMA busy_timeout = {(int)wait.TotalMilliseconds}"));
        using var transaction = _connection.BeginTransaction(deferred: false);
        // First of all: a run that was deleted in the meantime gets no orphans.
        WriteProgress(progress);
        var rows = MetricRows(metrics);
        foreach (var (step, value, metric) in buffer.Steps)
            _insertStep.Execute(rows[metric], step, value);
        foreach (var change in buffer.Changes)
            change(_connection);
        transaction.Commit();
        _metricRows = rows;
    }

    public void WriteAttributes(SqliteConnection connection, string kind, IEnumerable<KeyValuePair<string, RunValue>> values)
    {
        foreach (var (name, value) in values)
        {
            StoreConnection.Execute(
                connection, "INSERT OR REPLACE INTO attributes (run, kind, name, value) VALUES ($run, $kind, $name, $value)",
                ("$run", _run), ("$kind", kind), ("$name", name), ("$value", value.Number is { } number ? number : value.Text));
        }
    }

    public void WriteEpoch(SqliteConnection connection, EpochRecord record)
    {
        StoreConnection.Execute(
            connection, "INSERT OR REPLACE INTO epochs (run, epoch, learning_rate, seconds) VALUES ($run, $epoch, $rate, $seconds)",
            ("$run", _run), ("$epoch", record.Epoch), ("$rate", record.LearningRate), ("$seconds", record.TrainingSeconds));
        WriteValues(record.Training, "training");
        WriteValues(record.Validation ?? new Dictionary<string, double>(), "validation");

        void WriteValues(IReadOnlyDictionary<string, double> values, string part)
        {
            foreach (var (name, value) in values)
            {
                StoreConnection.Execute(
                    connection, "INSERT OR REPLACE INTO epoch_values (run, epoch, part, name, value) VALUES ($run, $epoch, $part, $name, $value)",
                    ("$run", _run), ("$epoch", record.Epoch), ("$part", part), ("$name", name), ("$value", value));
            }
        }
    }

    public void WriteFindings(SqliteConnection connection, IReadOnlyList<Finding> findings)
    {
        StoreConnection.Execute(connection, "DELETE FROM findings WHERE run = $run", ("$run", _run));
        for (var i = 0; i < findings.Count; i++)
        {
            var finding = findings[i];
            StoreConnection.Execute(
                connection,
                """
                INSERT INTO findings (run, place, symptom, severity, summary, evidence, reason, setting, advice, code, value, option, layer, step)
                VALUES ($run, $place, $symptom, $severity, $summary, $evidence, $reason, $setting, $advice, $code, $value, $option, $layer, $step)
                """,
                ("$run", _run),
                ("$place", i),
                ("$symptom", finding.Symptom.ToString()),
                ("$severity", finding.Severity.ToString()),
                ("$summary", finding.Summary),
                ("$evidence", finding.Evidence),
                ("$reason", finding.Reason),
                ("$setting", finding.Remedy.Setting.ToString()),
                ("$advice", finding.Remedy.Advice),
                ("$code", finding.Remedy.Code),
                ("$value", finding.Remedy.Value),
                ("$option", finding.Remedy.Option),
                ("$layer", finding.Layer),
                ("$step", finding.Step));
        }
    }

    public void WriteArtefact(SqliteConnection connection, RunArtefact artefact) => StoreConnection.Execute(
        connection, "INSERT OR REPLACE INTO artefacts (run, path, kind, size, hash) VALUES ($run, $path, $kind, $size, $hash)",
        ("$run", _run), ("$path", artefact.Path), ("$kind", artefact.Kind), ("$size", artefact.Size), ("$hash", artefact.Hash));

    public void LimitPages(int pages) => Schema.Execute(_connection, FormattableString.Invariant($"PRAGMA max_page_count = {pages}"));

    public void Dispose()
    {
        _insertStep.Dispose();
        _connection.Dispose();
    }

    private void WriteProgress(RunProgress progress)
    {
        var changed = StoreConnection.Execute(
            _connection,
            """
            UPDATE runs SET state = $state, heartbeat = $now, ended = $ended, stop_reason = $reason, failure = $failure, verdict = $verdict, epochs = $epochs, steps = $steps,
              best_epoch = $best WHERE row = $run
            """,
            ("$run", _run),
            ("$state", progress.State.ToString()),
            ("$now", Now),
            ("$ended", progress.Ended?.ToUnixTimeMilliseconds()),
            ("$reason", progress.StopReason),
            ("$failure", progress.Failure),
            ("$verdict", progress.Verdict),
            ("$epochs", progress.Epochs),
            ("$steps", progress.Steps),
            ("$best", progress.BestEpoch));
        if (changed == 0)
            throw new RunStoreException($"The run was deleted from the run store '{Path}'.");
    }

    /// <summary>The keys of the metrics; new names get one. What a transaction that failed gave them is not kept.</summary>
    private long[] MetricRows(string[] names)
    {
        if (names.Length == _metricRows.Length)
            return _metricRows;
        var rows = new long[names.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            StoreConnection.Execute(_connection, "INSERT OR IGNORE INTO metrics (name) VALUES ($name)", ("$name", names[i]));
            using var select = StoreConnection.Command(_connection, "SELECT metric FROM metrics WHERE name = $name", ("$name", names[i]));
            rows[i] = (long)select.ExecuteScalar()!;
        }
        return rows;
    }
}
