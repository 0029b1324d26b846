using System.Globalization;

namespace Glia.Training.Tuning;

/// <summary>
/// Asynchronous successive halving, ASHA (Li et al. 2018, arXiv 1810.05934, algorithm 2): every trial begins with the smallest resource; of those that have finished a
/// rung, the best 1/η may go on to the next, with η times the resource. A promoted trial goes on from its weights and its optimiser's state. Whenever a worker is free,
/// it takes the promotion at the highest rung, or a new trial where there is none; nobody waits for a rung to fill. When all trials have begun and none is to be promoted any more, the best of the highest rung
/// reached goes on up to the last, so that one trial is given everything.
/// </summary>
/// <remarks>
/// What the published algorithm decides depends on which trial happens to finish first. Here decisions are taken in a fixed order instead: the one on job n looks at
/// the results of all jobs but the last <c>workers</c> − 1 before it, whether or not those have finished already. So the search is the same for any number of threads,
/// and after going on from a journal; up to <c>workers</c> trials run at the same time.
/// </remarks>
public sealed class SuccessiveHalving : SearchMethod
{
    private readonly SearchMethod _configurations;
    private readonly int _reduction;
    private readonly int _workers;

    /// <summary>Creates the method.</summary>
    /// <param name="configurations">Which values are tried: a <see cref="RandomSearch"/>, or a <see cref="GridSearch"/>, whose points come in random order.</param>
    /// <param name="minimumResource">What every trial may spend, such as 1 epoch.</param>
    /// <param name="maximumResource">What a trial may spend that is always among the best.</param>
    /// <param name="reduction">η: one in so many trials of a rung goes on to the next; 3 by default.</param>
    /// <param name="workers">For how many trials at a time the order of decisions is made; 8 by default.</param>
    /// <exception cref="ArgumentException">The configurations are themselves halved.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public SuccessiveHalving(SearchMethod configurations, int minimumResource, int maximumResource, int reduction = 3, int workers = 8)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumResource);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumResource, minimumResource);
        ArgumentOutOfRangeException.ThrowIfLessThan(reduction, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        if (configurations is SuccessiveHalving)
            throw new ArgumentException("Successive halving takes its configurations from a GridSearch or a RandomSearch.", nameof(configurations));
        (_configurations, _reduction, _workers) = (configurations, reduction, workers);
        var rungs = new List<int>();
        for (long resource = minimumResource; resource < maximumResource; resource *= reduction)
            rungs.Add((int)resource);
        Resources = [.. rungs, maximumResource];
    }

    /// <summary>What a trial may spend in total at each rung, from the first on.</summary>
    public IReadOnlyList<int> Resources { get; }

    internal override int Reduction => _reduction;

    internal override int Workers => _workers;

    internal override string Description => $"{_configurations.Description}, resources {string.Join(", ", Resources.Select(r => r.ToString(CultureInfo.InvariantCulture)))}";

    internal override int Count(SearchSpace space) => _configurations.Count(space);

    internal override double[] Positions(SearchSpace space, ulong seed, int trial)
    {
        // Neighbours on a grid are alike; in random order the first few are a fair sample.
        if (_configurations is GridSearch)
            trial = new Rng(seed).Split("halving").Permutation(Count(space))[trial];
        return _configurations.Positions(space, seed, trial);
    }

    internal override IReadOnlyList<int> Rungs(int resource) => Resources;
}
