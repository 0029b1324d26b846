namespace Glia.Training.Tuning;

/// <summary>Which values a search tries, and how long each: <see cref="GridSearch"/>, <see cref="RandomSearch"/> or <see cref="SuccessiveHalving"/>.</summary>
public abstract class SearchMethod
{
    private protected SearchMethod()
    {
    }

    /// <summary>How many times as many trials a rung has as the one above it.</summary>
    internal virtual int Reduction => int.MaxValue;

    /// <summary>Of how many jobs at most the results may be outstanding when the next one is decided on.</summary>
    internal virtual int Workers => int.MaxValue;

    /// <summary>What a journal's trials must have in common with this method to be of use to it.</summary>
    internal abstract string Description { get; }

    /// <summary>How many trials there are.</summary>
    internal abstract int Count(SearchSpace space);

    /// <summary>The values of a trial; they depend on nothing but the arguments.</summary>
    internal abstract double[] Positions(SearchSpace space, ulong seed, int trial);

    /// <summary>What a trial may spend in total at each rung; without rungs, all there is.</summary>
    internal virtual IReadOnlyList<int> Rungs(int resource) => [resource];
}
