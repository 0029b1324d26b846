using System.Diagnostics;

namespace Glia.Training.Tuning;

/// <summary>Runs the jobs of a schedule, several at a time, and keeps what comes of them.</summary>
internal sealed class SearchEngine(Search search, Func<Trial, TrialRun> start)
{
    private readonly object _gate = new();
    private readonly IReadOnlyList<int> _resources = search.Method.Rungs(search.Epochs);
    private readonly Dictionary<int, Trial> _trials = [];
    private readonly Dictionary<int, TrialRun> _runs = [];
    private readonly Dictionary<int, TrialRecord> _records = [];
    private TrialRecord? _best;
    private Exception? _fault;
    private int _running;

    public SearchResult Run(CancellationToken cancellation)
    {
        using var journal = search.Journal is null ? null : SearchJournal.Open(search.Journal, search);
        using var timer = new CancellationTokenSource(search.TimeLimit ?? Timeout.InfiniteTimeSpan);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        // Whoever waits for a trial to finish need not wait for its end to notice.
        using var wake = stop.Token.Register(() =>
        {
            lock (_gate)
                Monitor.PulseAll(_gate);
        });
        var schedule = new SearchSchedule(search.TrialCount, _resources.Count, search.Method.Reduction, search.Method.Workers, search.Goal);
        bool isDone;
        try
        {
            isDone = Loop(schedule, journal, stop.Token);
        }
        finally
        {
            foreach (var run in _runs.Values)
                run.Dispose();
        }
        if (_fault is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_fault);
        var end = isDone ? SearchEnd.Completed : cancellation.IsCancellationRequested ? SearchEnd.Cancelled : SearchEnd.TimeLimit;
        return new SearchResult(search.Space, search.Goal, _records.Values, end);
    }

    /// <summary>Whether all jobs were done.</summary>
    private bool Loop(SearchSchedule schedule, SearchJournal? journal, CancellationToken stop)
    {
        while (true)
        {
            SearchJob? job = null;
            Trial trial;
            lock (_gate)
            {
                var mayBegin = _fault is null && !stop.IsCancellationRequested && _running < search.Parallelism;
                if (mayBegin)
                    job = schedule.TryNext();
                if (job is null)
                {
                    if (_running == 0)
                        return mayBegin;
                    Monitor.Wait(_gate);
                    continue;
                }
                if (journal?.Find(job) is { } known)
                {
                    Keep(job, known, run: null);
                    continue;
                }
                trial = Trial(job.Trial);
                _running++;
            }
            if (search.Parallelism == 1)
                Work(job, trial, journal, stop);
            else
                Begin(job, trial, journal, stop);
        }
    }

    private void Begin(SearchJob job, Trial trial, SearchJournal? journal, CancellationToken stop) => new Thread(() =>
    {
        using var alone = Device.OnOneThread();
        Work(job, trial, journal, stop);
    })
    { IsBackground = true, Name = $"Glia trial {job.Trial}" }.Start();

    private void Work(SearchJob job, Trial trial, SearchJournal? journal, CancellationToken stop)
    {
        TrialRun? run = null;
        RungRecord? result = null;
        try
        {
            result = Compute(job, trial, ref run, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It is not known how it would have ended.
        }
        catch (Exception e)
        {
            result = Failed(job, run, e.Message);
        }
        lock (_gate)
        {
            _running--;
            try
            {
                if (result is not null)
                {
                    journal?.Append(trial, result);
                    Keep(job, result, run);
                }
                if (result is null or { Failure: not null } || job.Rung == _resources.Count - 1)
                {
                    _runs.Remove(job.Trial);
                    run?.Dispose();
                }
            }
            catch (Exception e)
            {
                // A full disk, or a fault in what the user wanted to be told: nothing more is begun.
                _fault ??= e;
            }
            Monitor.PulseAll(_gate);
        }
    }

    private RungRecord Compute(SearchJob job, Trial trial, ref TrialRun? run, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        lock (_gate)
            _runs.TryGetValue(job.Trial, out run);
        var before = run is null ? 0 : SecondsOf(job.Trial);
        trial.Resource = _resources[job.Rung];
        if (run is null)
        {
            run = start(trial);
            lock (_gate)
                _runs[job.Trial] = run;
        }
        var score = run.Advance(trial.Resource, stop);
        if (!double.IsFinite(score))
            return Failed(job, run, $"The score is {(double.IsNaN(score) ? "NaN" : "infinite")}.");
        return new RungRecord
        {
            Rung = job.Rung,
            Resource = trial.Resource,
            Score = score,
            Steps = run.Steps,
            Seconds = before + clock.Elapsed.TotalSeconds,
            Metrics = run.Metrics,
        };
    }

    private double SecondsOf(int trial)
    {
        lock (_gate)
            return _records.TryGetValue(trial, out var record) ? record.Last.Seconds : 0;
    }

    private RungRecord Failed(SearchJob job, TrialRun? run, string reason) =>
        new() { Rung = job.Rung, Resource = _resources[job.Rung], Failure = reason, Steps = run?.Steps ?? 0 };

    private Trial Trial(int number) => _trials.TryGetValue(number, out var trial) ? trial : _trials[number] = search.TrialOf(number);

    private void Keep(SearchJob job, RungRecord result, TrialRun? run)
    {
        job.Result = result;
        var trial = Trial(job.Trial);
        var earlier = _records.TryGetValue(job.Trial, out var before) ? before.Rungs : [];
        var record = new TrialRecord { Number = trial.Number, Values = trial.Values, Positions = trial.Positions, Rungs = [.. earlier, result] };
        _records[job.Trial] = record;
        search.Finished?.Invoke(record);
        if (result.Failure is not null || (_best is not null && !IsBetter(record, _best)))
            return;
        _best = record;
        if (run is not null)
            search.Improved?.Invoke(record, run);
    }

    private bool IsBetter(TrialRecord one, TrialRecord other) =>
        (search.Goal == MonitorMode.Lower ? one.Score < other.Score : one.Score > other.Score) || (one.Score == other.Score && one.Number < other.Number);
}
