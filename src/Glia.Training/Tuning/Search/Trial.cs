namespace Glia.Training.Tuning;

/// <summary>One choice of values for all parameters of a search.</summary>
public sealed class Trial
{
    private readonly SearchSpace _space;
    private readonly double[] _positions;

    internal Trial(SearchSpace space, int number, double[] positions, ulong seed)
    {
        (_space, _positions) = (space, positions);
        (Number, Seed) = (number, seed);
        Values = [.. space.Parameters.Select((parameter, i) => parameter.TextAt(positions[i]))];
    }

    /// <summary>Its number, from 0. The values follow from search space, method, seed and this number alone.</summary>
    public int Number { get; }

    /// <summary>The seed of the search, the same for every trial: what is compared are the settings, not luck with the first weights.</summary>
    public ulong Seed { get; }

    /// <summary>The values as text, in the order of the parameters.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Where each value lies on its parameter's line from 0 to 1.</summary>
    public IReadOnlyList<double> Positions => _positions;

    /// <summary>
    /// How much the trial may spend by now in total, in epochs or whatever the search's method counts; a promoted trial may spend more than before.
    /// </summary>
    public int Resource { get; internal set; }

    /// <summary>The value of a parameter.</summary>
    /// <param name="parameter">The handle that the search space gave.</param>
    /// <exception cref="ArgumentException">The parameter is of another search space.</exception>
    public T Get<T>(SearchParameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        for (var i = 0; i < _positions.Length; i++)
        {
            if (ReferenceEquals(_space.Parameters[i], parameter))
                return parameter.At(_positions[i]);
        }
        throw new ArgumentException($"The parameter '{parameter.Name}' is not of this search's space. Ask for those that its SearchSpace made.", nameof(parameter));
    }

    /// <inheritdoc/>
    public override string ToString() => $"trial {Number}: {string.Join(", ", _space.Parameters.Select((parameter, i) => $"{parameter.Name} {Values[i]}"))}";
}
