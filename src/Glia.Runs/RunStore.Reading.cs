using Glia.Diagnostics;
using Glia.Training;
using Microsoft.Data.Sqlite;

namespace Glia.Runs;

/// <content>What is read.</content>
public sealed partial class RunStore
{
    private const string Last = "last";
    private const int ShownIds = 5;

    /// <summary>The runs that a query asks for; all, the newest first, without one.</summary>
    /// <param name="query">Which runs.</param>
    /// <exception cref="FormatException">The query names what no run has.</exception>
    /// <exception cref="RunStoreException">The store cannot be read.</exception>
    public IReadOnlyList<RunInfo> List(RunQuery? query = null)
    {
        var asked = query ?? new RunQuery();
        return Use(connection =>
        {
            using var select = new RunSql(connection).Select(asked);
            using var reader = select.ExecuteReader();
            var runs = new List<RunInfo>();
            while ((asked.Limit is not { } most || runs.Count < most) && reader.Read())
            {
                var run = ReadRun(connection, reader);
                if (asked.State is null || run.State == asked.State)
                    runs.Add(run);
            }
            return runs;
        });
    }

    /// <summary>One run.</summary>
    /// <param name="id">Its id, the first digits of it, the folder that it left, or <c>last</c> for the newest.</param>
    /// <exception cref="RunStoreException">There is none or more than one, or the store cannot be read.</exception>
    public RunInfo Find(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var found = Use(connection =>
        {
            using var select = id == Last
                ? StoreConnection.Command(connection, "SELECT r.* FROM runs r ORDER BY row DESC LIMIT 1")
                : StoreConnection.Command(
                    connection, "SELECT r.* FROM runs r WHERE substr(id, 1, length($id)) = $id OR folder = $folder ORDER BY row DESC",
                    ("$id", id.ToLowerInvariant()), ("$folder", System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(id))));
            using var reader = select.ExecuteReader();
            var runs = new List<RunInfo>();
            while (reader.Read())
                runs.Add(ReadRun(connection, reader));
            return runs;
        });
        return found switch
        {
            [] => throw new RunStoreException($"There is no run '{id}' in the run store '{Path}'{Newest()}."),
            [var one] => one,
            _ when found.TrueForAll(r => r.Description.Folder == found[0].Description.Folder && !r.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase)) => found[0],
            _ => throw new RunStoreException($"'{id}' stands for {found.Count} runs: {Names(found)}. Give more of the id."),
        };
    }

    /// <summary>The metrics measured by step, in the order of their names.</summary>
    /// <param name="id">The run, as for <see cref="Find"/>.</param>
    public IReadOnlyList<string> StepMetrics(string id)
    {
        var run = Find(id);
        return Use(connection =>
        {
            // Each metric is looked up in the index; going through the steps of a long run would take a while.
            using var select = StoreConnection.Command(
                connection, "SELECT name FROM metrics m WHERE EXISTS (SELECT 1 FROM steps s WHERE s.run = $run AND s.metric = m.metric) ORDER BY name", ("$run", run.Row));
            using var reader = select.ExecuteReader();
            var names = new List<string>();
            while (reader.Read())
                names.Add(reader.GetString(0));
            return names;
        });
    }

    /// <summary>The values of a metric by step, in order; none where it was not measured. Of the learning rate only those steps are kept at which it changes.</summary>
    /// <param name="id">The run, as for <see cref="Find"/>.</param>
    /// <param name="metric">What was measured: <c>loss</c>, <c>learning_rate</c>, <c>gradient_norm</c>, or a name of the user's own.</param>
    public IReadOnlyList<StepValue> Steps(string id, string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var run = Find(id);
        return Use(connection =>
        {
            using var select = StoreConnection.Command(
                connection, "SELECT step, value FROM steps WHERE run = $run AND metric = (SELECT metric FROM metrics WHERE name = $name) ORDER BY step", ("$run", run.Row), ("$name", metric));
            using var reader = select.ExecuteReader();
            var values = new List<StepValue>();
            while (reader.Read())
                values.Add(new(reader.GetInt64(0), NumberAt(reader, 1)));
            return values;
        });
    }

    /// <summary>What was measured epoch by epoch.</summary>
    /// <param name="id">The run, as for <see cref="Find"/>.</param>
    public IReadOnlyList<EpochRecord> Epochs(string id)
    {
        var run = Find(id);
        return Use(connection =>
        {
            var values = new Dictionary<(int Epoch, string Part), Dictionary<string, double>>();
            using (var select = StoreConnection.Command(connection, "SELECT epoch, part, name, value FROM epoch_values WHERE run = $run", ("$run", run.Row)))
            {
                using var reader = select.ExecuteReader();
                while (reader.Read())
                {
                    var key = (reader.GetInt32(0), reader.GetString(1));
                    if (!values.TryGetValue(key, out var part))
                        values[key] = part = new(StringComparer.Ordinal);
                    part[reader.GetString(2)] = NumberAt(reader, 3);
                }
            }
            using var epochs = StoreConnection.Command(connection, "SELECT epoch, learning_rate, seconds FROM epochs WHERE run = $run ORDER BY epoch", ("$run", run.Row));
            using var rows = epochs.ExecuteReader();
            var records = new List<EpochRecord>();
            while (rows.Read())
            {
                var epoch = rows.GetInt32(0);
                records.Add(new EpochRecord
                {
                    Epoch = epoch,
                    LearningRate = NumberAt(rows, 1),
                    TrainingSeconds = NumberAt(rows, 2),
                    Training = values.GetValueOrDefault((epoch, "training")) ?? [],
                    Validation = values.GetValueOrDefault((epoch, "validation")),
                });
            }
            return records;
        });
    }

    /// <summary>What the doctor found, the worst first. A symptom that this version does not know is left out.</summary>
    /// <param name="id">The run, as for <see cref="Find"/>.</param>
    public IReadOnlyList<Finding> Findings(string id)
    {
        var run = Find(id);
        return Use(connection =>
        {
            using var select = StoreConnection.Command(
                connection,
                "SELECT symptom, severity, summary, evidence, reason, setting, advice, code, value, option, layer, step FROM findings WHERE run = $run ORDER BY place",
                ("$run", run.Row));
            using var reader = select.ExecuteReader();
            var findings = new List<Finding>();
            while (reader.Read())
            {
                if (!Enum.TryParse<Symptom>(reader.GetString(0), out var symptom) || !Enum.TryParse<Severity>(reader.GetString(1), out var severity)
                    || !Enum.TryParse<Setting>(reader.GetString(5), out var setting))
                    continue;
                var remedy = new Remedy(setting, reader.GetString(6), reader.GetString(7)) { Value = reader.IsDBNull(8) ? null : reader.GetDouble(8), Option = TextAt(reader, 9) };
                findings.Add(new Finding(symptom, severity, reader.GetString(2), reader.GetString(3), reader.GetString(4), remedy)
                {
                    Layer = TextAt(reader, 10),
                    Step = reader.IsDBNull(11) ? null : reader.GetInt64(11),
                });
            }
            return findings;
        });
    }

    /// <summary>The files that a run left, by path.</summary>
    /// <param name="id">The run, as for <see cref="Find"/>.</param>
    public IReadOnlyList<RunArtefact> Artefacts(string id)
    {
        var run = Find(id);
        return Use(connection =>
        {
            using var select = StoreConnection.Command(connection, "SELECT path, kind, size, hash FROM artefacts WHERE run = $run ORDER BY path", ("$run", run.Row));
            using var reader = select.ExecuteReader();
            var artefacts = new List<RunArtefact>();
            while (reader.Read())
                artefacts.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3)));
            return artefacts;
        });
    }

    private static RunInfo ReadRun(SqliteConnection connection, SqliteDataReader reader)
    {
        var row = reader.GetInt64(reader.GetOrdinal("row"));
        var attributes = ReadAttributes(connection, row);
        var state = Enum.TryParse<RunState>(Text("state"), out var known) ? known : RunState.Interrupted;
        var heartbeat = Integer("heartbeat")!.Value;
        // A store that cannot be written was not told of the processes that are gone.
        if (state == RunState.Running && !IsAlive(Text("host")!, (int)Integer("process")!, Text("process_start")!, heartbeat))
            state = RunState.Interrupted;
        return new RunInfo
        {
            Id = Text("id")!,
            Row = row,
            State = state,
            Started = DateTimeOffset.FromUnixTimeMilliseconds(Integer("started")!.Value),
            Ended = state == RunState.Running ? null : DateTimeOffset.FromUnixTimeMilliseconds(Integer("ended") ?? heartbeat),
            StopReason = Text("stop_reason"),
            Failure = Text("failure"),
            Verdict = Text("verdict"),
            Epochs = (int)Integer("epochs")!,
            Steps = Integer("steps")!.Value,
            BestEpoch = (int?)Integer("best_epoch"),
            Results = attributes[AttributeKind.Result],
            Environment = attributes[AttributeKind.Environment],
            Description = new RunDescription
            {
                Name = Text("name")!,
                Command = Text("command"),
                Folder = Text("folder"),
                Seed = unchecked((ulong)Integer("seed")!.Value),
                Data = Text("data")!,
                Fingerprint = Text("fingerprint")!,
                Family = Text("family")!,
                Model = Text("model")!,
                Parameters = Integer("parameters")!.Value,
                Measure = Text("measure")!,
                Settings = attributes[AttributeKind.Setting],
                Tags = attributes[AttributeKind.Tag],
            },
        };

        string? Text(string column) => TextAt(reader, reader.GetOrdinal(column));

        long? Integer(string column) => reader.GetOrdinal(column) is var i && reader.IsDBNull(i) ? null : reader.GetInt64(i);
    }

    private static Dictionary<string, Dictionary<string, RunValue>> ReadAttributes(SqliteConnection connection, long row)
    {
        var all = ((string[])[AttributeKind.Setting, AttributeKind.Result, AttributeKind.Environment, AttributeKind.Tag])
            .ToDictionary(kind => kind, _ => new Dictionary<string, RunValue>(StringComparer.Ordinal), StringComparer.Ordinal);
        using var select = StoreConnection.Command(connection, "SELECT kind, name, value FROM attributes WHERE run = $run", ("$run", row));
        using var reader = select.ExecuteReader();
        while (reader.Read())
        {
            if (all.TryGetValue(reader.GetString(0), out var kind))
                kind[reader.GetString(1)] = reader.GetValue(2) is string text ? text : NumberAt(reader, 2);
        }
        return all;
    }

    private static double NumberAt(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? double.NaN : reader.GetDouble(column);

    private static string? TextAt(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static string Names(IEnumerable<RunInfo> runs) => string.Join(", ", runs.Take(ShownIds).Select(r => $"{r.Id} ({r.Description.Name})"));

    private string Newest() => List(new RunQuery { Limit = ShownIds }) is { Count: > 0 } runs ? $"; the newest are {Names(runs)}" : "; it is empty";
}
