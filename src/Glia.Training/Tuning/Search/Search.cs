namespace Glia.Training.Tuning;

/// <summary>
/// Looks for the settings that make a score best:
/// <code>
/// var space = new SearchSpace();
/// var rate = space.LogUniform("learning rate", 1e-4, 1e-1);
/// var search = new Search(space, new RandomSearch(20)) { Journal = "search.jsonl", Parallelism = 4 };
/// var result = search.Run(Fold.HoldOut(data), trial => new Candidate(new Trainer(NewModel(), Loss.CrossEntropy, new Adam(trial.Get(rate)))));
/// </code>
/// The result is the same for any <see cref="Parallelism"/> and for a search that was interrupted and gone on with.
/// </summary>
public sealed class Search
{
    private readonly int _parallelism = 1;
    private readonly int _epochs = 10;
    private readonly TimeSpan? _timeLimit;

    /// <summary>Creates a search.</summary>
    /// <param name="space">What is varied; at least one parameter.</param>
    /// <param name="method">Which values are tried, and how long each.</param>
    /// <exception cref="ArgumentException">The space is empty.</exception>
    public Search(SearchSpace space, SearchMethod method)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(method);
        if (space.Parameters.Count == 0)
            throw new ArgumentException("There is nothing to search: the space has no parameter. Add some, such as space.LogUniform(\"learning rate\", 1e-4, 1e-1).", nameof(space));
        (Space, Method) = (space, method);
    }

    /// <summary>What is varied.</summary>
    public SearchSpace Space { get; }

    /// <summary>Which values are tried, and how long each.</summary>
    public SearchMethod Method { get; }

    /// <summary>The seed of what is drawn at random; 0 by default.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether a lower score is better (the default) or a higher one.</summary>
    public MonitorMode Goal { get; init; }

    /// <summary>What a trial that trains is judged by, on its validation samples: <c>loss</c> (the default) or a metric's name. Its best epoch counts.</summary>
    public string Monitor { get; init; } = "loss";

    /// <summary>How many epochs a trial trains where the method has no rungs, which say it themselves; 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int Epochs
    {
        get => _epochs;
        init => _epochs = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A trial must train at least 1 epoch.");
    }

    /// <summary>How many trials run at the same time, each on a thread of its own; 1 (the default) runs them on the calling thread, with all cores for each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int Parallelism
    {
        get => _parallelism;
        init => _parallelism = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 1 trial must run at a time.");
    }

    /// <summary>After how much time the search ends; trials under way are given up. Null (the default) for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than 24 days.</exception>
    public TimeSpan? TimeLimit
    {
        get => _timeLimit;
        init => _timeLimit = value is null || (value > TimeSpan.Zero && value < TimeSpan.FromMilliseconds(int.MaxValue))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The time limit must be positive and at most 24 days.");
    }

    /// <summary>
    /// A file to which every result is written at once, one JSON document a line. If it is there already, the search goes on from it: what it holds is not done again.
    /// Null (the default) for none.
    /// </summary>
    public string? Journal { get; init; }

    /// <summary>What is searched on, such as the data's name; a journal of something else is refused. Empty by default.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Called after each result, one at a time, also for those from a journal.</summary>
    public Action<TrialRecord>? Finished { get; init; }

    /// <summary>Called when a trial is the best so far, after <see cref="Finished"/>, so that its weights can be kept; not for results from a journal.</summary>
    public Action<TrialRecord, TrialRun>? Improved { get; init; }

    /// <summary>How many trials there are; a method that halves may give only some of them more than the first rung.</summary>
    public int TrialCount => Method.Count(Space);

    /// <summary>Searches with a function of the trial, which reads the values with <see cref="Trial.Get"/> and may look at <see cref="Trial.Resource"/>.</summary>
    /// <param name="objective">
    /// Gives the score. It must be safe to call from several threads if trials run in parallel. A promoted trial is computed anew with its larger resource. NaN, an
    /// infinite value or an exception is a failure of that trial only.
    /// </param>
    /// <param name="cancellation">Ends the search; trials under way are given up, those done are kept.</param>
    /// <exception cref="FormatException">The journal is of another search, or damaged.</exception>
    public SearchResult Run(Func<Trial, double> objective, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return Run(trial => new FunctionRun(trial, objective), cancellation);
    }

    /// <summary>Searches with models that train: every trial on the same division of the data, or on each of several in turn.</summary>
    /// <param name="folds">What to learn from and what to judge by: <see cref="Fold.HoldOut"/> or <see cref="Fold.CrossValidation"/>. The score is the mean over them.</param>
    /// <param name="build">Makes model and trainer of a trial; called once for each fold. It must be safe to call from several threads if trials run in parallel.</param>
    /// <param name="cancellation">Ends the search; trials under way are given up, those done are kept.</param>
    /// <exception cref="FormatException">The journal is of another search, or damaged.</exception>
    public SearchResult Run(IReadOnlyList<Fold> folds, Func<Trial, Candidate> build, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(build);
        if (folds.Count == 0)
            throw new ArgumentException("A search needs at least one fold to judge by.", nameof(folds));
        return Run(trial => Train(trial, folds, build), cancellation);
    }

    /// <summary>Searches with work of any kind that can rest and go on.</summary>
    /// <param name="start">Begins a trial.</param>
    /// <param name="cancellation">Ends the search; trials under way are given up, those done are kept.</param>
    /// <exception cref="FormatException">The journal is of another search, or damaged.</exception>
    public SearchResult Run(Func<Trial, TrialRun> start, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        return new SearchEngine(this, start).Run(cancellation);
    }

    /// <summary>The work of a trial that trains, as <see cref="Run(IReadOnlyList{Fold}, Func{Trial, Candidate}, CancellationToken)"/> does it.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="folds">What to learn from and what to judge by.</param>
    /// <param name="build">Makes model and trainer; called once for each fold.</param>
    public TrialRun Train(Trial trial, IReadOnlyList<Fold> folds, Func<Trial, Candidate> build)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return new TrainingRun(trial, folds, build, Monitor, Goal, Method.Rungs(Epochs)[^1]);
    }

    /// <summary>The trial of a number: its values follow from space, method, seed and number.</summary>
    /// <param name="number">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such trial.</exception>
    public Trial TrialOf(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, TrialCount);
        return new Trial(Space, number, Method.Positions(Space, Seed, number), Seed) { Resource = Method.Rungs(Epochs)[0] };
    }
}
