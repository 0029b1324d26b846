namespace Glia.Training.Tuning;

/// <summary>
/// Values drawn at random (Bergstra and Bengio 2012): where few parameters matter, it tries more values of these than a grid of as many points. What trial i tries
/// depends on the seed and i only, so that further trials can be added later.
/// </summary>
public sealed class RandomSearch : SearchMethod
{
    /// <summary>Creates the method.</summary>
    /// <param name="trials">How many trials.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public RandomSearch(int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        Trials = trials;
    }

    /// <summary>How many trials.</summary>
    public int Trials { get; }

    internal override string Description => "random";

    internal override int Count(SearchSpace space) => Trials;

    internal override double[] Positions(SearchSpace space, ulong seed, int trial)
    {
        var random = new Rng(seed).Split("search").Split((ulong)trial);
        return [.. space.Parameters.Select(p => random.Split(p.Name).NextDouble())];
    }
}
