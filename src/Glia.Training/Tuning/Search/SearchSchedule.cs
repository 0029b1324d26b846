namespace Glia.Training.Tuning;

/// <summary>
/// Which job comes next. Decisions are taken in the order of the jobs and each looks at the results of a fixed set of earlier jobs, so that they depend on the results
/// only, never on when these come in.
/// </summary>
internal sealed class SearchSchedule(int trials, int rungs, int reduction, int workers, MonitorMode goal)
{
    private readonly List<SearchJob> _jobs = [];
    private readonly List<(double Cost, int Trial)>[] _finished = [.. Enumerable.Range(0, rungs).Select(_ => new List<(double, int)>())];
    private readonly HashSet<(int Trial, int Rung)> _promoted = [];
    private int _known;
    private int _begun;

    /// <summary>The next job; null while that depends on results to come, or when all is done.</summary>
    public SearchJob? TryNext()
    {
        while (_known < _jobs.Count - (workers - 1L))
        {
            if (!TryLearn())
                return null;
        }
        // Where nothing is to be done yet, a worker waits for the next result.
        SearchJob? job;
        while ((job = Decide()) is null && TryLearn())
        {
        }
        if (job is not null)
            _jobs.Add(job);
        return job;
    }

    /// <summary>Takes in the result of the first job whose result has not been looked at.</summary>
    private bool TryLearn()
    {
        if (_known == _jobs.Count || _jobs[_known].Result is not { } result)
            return false;
        var job = _jobs[_known++];
        // What failed counts as one of its rung, but is never promoted.
        var cost = result.Failure is not null ? double.PositiveInfinity : goal == MonitorMode.Lower ? result.Score : -result.Score;
        var rung = _finished[job.Rung];
        var place = rung.BinarySearch((cost, job.Trial));
        rung.Insert(~place, (cost, job.Trial));
        return true;
    }

    private SearchJob? Decide()
    {
        for (var rung = _finished.Length - 2; rung >= 0; rung--)
        {
            foreach (var (cost, trial) in _finished[rung].Take(_finished[rung].Count / reduction))
            {
                if (!double.IsPositiveInfinity(cost) && _promoted.Add((trial, rung)))
                    return new SearchJob(trial, rung + 1);
            }
        }
        return _begun < trials ? new SearchJob(_begun++, 0) : _known == _jobs.Count ? LastPromotion() : null;
    }

    /// <summary>When all else is done, the best of the highest rung that was reached goes on, so that one trial is given everything.</summary>
    private SearchJob? LastPromotion()
    {
        var highest = Array.FindLastIndex(_finished, rung => rung.Exists(r => !double.IsPositiveInfinity(r.Cost)));
        if (highest < 0 || highest == _finished.Length - 1)
            return null;
        var (_, trial) = _finished[highest][0];
        // It may have gone on before, and failed.
        return _promoted.Add((trial, highest)) ? new SearchJob(trial, highest + 1) : null;
    }
}
