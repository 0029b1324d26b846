namespace Glia.Training.Tuning;

/// <summary>What a search found.</summary>
public sealed class SearchResult
{
    private readonly MonitorMode _goal;

    internal SearchResult(SearchSpace space, MonitorMode goal, IEnumerable<TrialRecord> trials, SearchEnd end)
    {
        (Space, _goal, End) = (space, goal, end);
        Trials = [.. trials.OrderBy(t => t.Number)];
        Leaderboard = [.. Trials.OrderBy(t => t.Failure is null ? 0 : 1).ThenBy(Cost).ThenBy(t => t.Number)];
    }

    /// <summary>What was varied.</summary>
    public SearchSpace Space { get; }

    /// <summary>The trials in the order of their numbers; those that were under way when the search ended are not among them.</summary>
    public IReadOnlyList<TrialRecord> Trials { get; }

    /// <summary>The trials, the best first and those that failed last.</summary>
    public IReadOnlyList<TrialRecord> Leaderboard { get; }

    /// <summary>The best trial; null where none succeeded.</summary>
    public TrialRecord? Best => Leaderboard.Count > 0 && Leaderboard[0].Failure is null ? Leaderboard[0] : null;

    /// <summary>Why the search ended.</summary>
    public SearchEnd End { get; }

    /// <summary>The training steps of all trials together.</summary>
    public long Steps => Trials.Sum(t => t.Last.Steps);

    /// <summary>
    /// How much of the scores' variance each parameter explains alone, after their first rung; see <see cref="ParameterImportance"/>. Empty where fewer than 4 trials
    /// succeeded or all are equally good.
    /// </summary>
    public IReadOnlyList<ParameterImportance> Importance() => ParameterImportance.Of(
        Space, [.. Trials.Where(t => t.Rungs[0].Failure is null).Select(t => (t.Positions.ToArray(), t.Rungs[0].Score))], _goal);

    private double Cost(TrialRecord trial) => _goal == MonitorMode.Lower ? trial.Score : -trial.Score;
}
