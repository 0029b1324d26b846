using System.Globalization;
using Glia.Diagnostics;
using Glia.Training;
using Microsoft.Data.Sqlite;

namespace Glia.Runs;

/// <summary>
/// Records a run while it goes on; made by <see cref="RunStore.Begin"/>. Adding never waits for the store: a thread of its own writes every half second, all or nothing, so that a killed
/// process loses less than a second. A store that fails never stops the training: <see cref="Warn"/> is told once, values are kept in memory (a million of them) and written when it works again.
/// </summary>
public sealed class RunWriter : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestBusy = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly Dictionary<string, int> _metrics = new(StringComparer.Ordinal);
    private readonly List<EpochRecord> _epochs = [];
    private readonly ManualResetEventSlim _end = new();
    private readonly StoreSession _session;
    private readonly Thread _thread;
    private WriteBuffer _added = new();
    private WriteBuffer _taken = new();
    private string[] _metricNames = [];
    private RunProgress _progress = new();
    private DateTimeOffset _lastWrite;
    private DateTimeOffset? _busySince;
    private bool _isDisposed;
    private bool _isDeleted;

    internal RunWriter(StoreSession session, string id)
    {
        (_session, Id, _lastWrite) = (session, id, Now);
        _thread = new Thread(WriteNowAndThen) { IsBackground = true, Name = $"run {id}" };
        _thread.Start();
    }

    /// <summary>The run's id in its store.</summary>
    public string Id { get; }

    /// <summary>Told once, in a sentence, when the store cannot be written; from another thread. Training goes on.</summary>
    public Action<string>? Warn { get; set; }

    /// <summary>Why the store could not be written; null while all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>How long to wait at the end for others who are writing.</summary>
    internal TimeSpan FinalPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether it was said how training ended.</summary>
    public bool IsEnded => _end.IsSet;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Adds a number measured at a step; one that is there already is replaced.</summary>
    /// <param name="step">The step since training began, counted from 1.</param>
    /// <param name="metric">What was measured.</param>
    /// <param name="value">The number; may be NaN or infinite.</param>
    public void AddStep(long step, string metric, double value)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        lock (_gate)
        {
            if (!_metrics.TryGetValue(metric, out var index))
            {
                _metrics[metric] = index = _metricNames.Length;
                // A new array, since the other thread may be reading the old one.
                _metricNames = [.. _metricNames, metric];
            }
            if (_added.Steps.Count < WriteBuffer.MostSteps)
                _added.Steps.Add(new(step, value, index));
            if (step > _progress.Steps)
                _progress = _progress with { Steps = step };
        }
    }

    /// <summary>Adds what was measured in an epoch; it becomes the result of the run until a later one or <see cref="Complete"/> says otherwise.</summary>
    public void AddEpoch(EpochRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_gate)
        {
            _epochs.Add(record);
            _progress = _progress with { Epochs = record.Epoch };
        }
        Add((session, connection) => session.WriteEpoch(connection, record));
        AddResults(ResultsOf(record));
    }

    /// <summary>Adds results, such as those on test data; those that are there already are replaced.</summary>
    public void AddResults(IReadOnlyDictionary<string, RunValue> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        KeyValuePair<string, RunValue>[] copy = [.. results];
        Add((session, connection) => session.WriteAttributes(connection, AttributeKind.Result, copy));
    }

    /// <summary>Adds what the doctor found, in place of what it found before.</summary>
    public void AddFindings(IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        Finding[] copy = [.. findings];
        Add((session, connection) => session.WriteFindings(connection, copy));
    }

    /// <summary>Adds a file that the run left, with its size and hash.</summary>
    /// <param name="path">The file, which must be complete.</param>
    /// <param name="kind">What it is, such as <c>model</c>.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void AddArtefact(string path, string kind)
    {
        var artefact = ArtefactFile.Read(path, kind);
        Add((session, connection) => session.WriteArtefact(connection, artefact));
    }

    /// <summary>Says that training ended as it should, and writes everything.</summary>
    /// <param name="reason">Why it ended.</param>
    /// <param name="bestEpoch">The epoch whose parameters were kept, and whose values are the results; null for the last.</param>
    /// <param name="verdict">How training came out, in words.</param>
    public void Complete(StopReason reason = StopReason.Completed, int? bestEpoch = null, string? verdict = null) =>
        End(RunState.Completed, reason.ToString(), failure: null, bestEpoch, verdict);

    /// <summary>Says that training failed, and writes everything.</summary>
    /// <param name="failure">Why, in a sentence.</param>
    public void Fail(string failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        End(RunState.Failed, reason: null, failure, bestEpoch: null, verdict: null);
    }

    /// <summary>Waits until all that was added is in the store, or cannot be written.</summary>
    public void Flush() => Write(FinalPatience);

    /// <summary>Writes what is left. A run that neither completed nor failed is interrupted.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        if (_progress.State == RunState.Running)
            End(RunState.Interrupted, reason: null, failure: null, bestEpoch: null, verdict: null);
        else
            Flush();
        _isDisposed = true;
        _session.Dispose();
        _end.Dispose();
    }

    /// <summary>Lets the file grow to so many pages only, as a full disk would; for tests.</summary>
    internal void LimitPages(int pages)
    {
        lock (_writing)
            _session.LimitPages(pages);
    }

    /// <summary>The values of an epoch by the names under which they are results.</summary>
    internal static Dictionary<string, RunValue> ResultsOf(EpochRecord record)
    {
        var results = record.Training.ToDictionary(v => v.Key, v => new RunValue(v.Value), StringComparer.Ordinal);
        foreach (var (name, value) in record.Validation ?? new Dictionary<string, double>())
            results["val_" + name] = value;
        return results;
    }

    private void Add(Action<StoreSession, SqliteConnection> change)
    {
        lock (_gate)
            _added.Changes.Add(connection => change(_session, connection));
        // After the end there is no thread to do it.
        if (_end.IsSet)
            Flush();
    }

    private void End(RunState state, string? reason, string? failure, int? bestEpoch, string? verdict)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var results = _epochs.Find(e => e.Epoch == bestEpoch) is { } best ? ResultsOf(best) : [];
        if (_epochs.Count > 0)
            results["seconds"] = _epochs.Sum(e => e.TrainingSeconds);
        AddResults(results);
        lock (_gate)
            _progress = _progress with { State = state, StopReason = reason, Failure = failure, BestEpoch = bestEpoch, Verdict = verdict, Ended = Now };
        _end.Set();
        _thread.Join();
        Flush();
    }

    private void WriteNowAndThen()
    {
        while (!_end.Wait(Interval))
            Write(patience: null);
    }

    /// <summary>Writes in one transaction; what cannot be written stays for the next time.</summary>
    private void Write(TimeSpan? patience)
    {
        lock (_writing)
        {
            if (_isDisposed || _isDeleted)
                return;
            RunProgress progress;
            string[] names;
            lock (_gate)
            {
                if (_taken.IsEmpty)
                    (_added, _taken) = (_taken, _added);
                (progress, names) = (_progress, _metricNames);
            }
            if (_taken.IsEmpty && patience is null && Now - _lastWrite < Heartbeat)
                return;
            try
            {
                _session.Write(_taken, names, progress, patience);
                _taken.Clear();
                (_lastWrite, _busySince) = (Now, null);
            }
            catch (Exception e) when (e is SqliteException or RunStoreException)
            {
                _isDeleted = e is RunStoreException;
                Report(e, isLast: patience is not null);
                return;
            }
        }
        // What came in the meantime, or lay behind a batch that had failed.
        if (patience is not null && !_added.IsEmpty)
            Write(patience);
    }

    private void Report(Exception e, bool isLast)
    {
        if (e is SqliteException { SqliteErrorCode: RunStoreException.Busy or RunStoreException.Locked } && !isLast && Now - (_busySince ??= Now) < LongestBusy)
            return;
        var reason = e is SqliteException error ? RunStoreException.From(error, _session.Path).Message : e.Message;
        var isFirst = Problem is null;
        Problem = reason;
        if (isFirst)
            Warn?.Invoke(string.Create(CultureInfo.InvariantCulture, $"The run {Id} is not being recorded; training goes on. {reason}"));
    }
}
