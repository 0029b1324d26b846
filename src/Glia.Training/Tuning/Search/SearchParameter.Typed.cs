using System.Globalization;

namespace Glia.Training.Tuning;

/// <summary>A setting that a search varies, whose values have a type: <see cref="Trial.Get"/> reads a trial's value by it. Made by a <see cref="SearchSpace"/>.</summary>
/// <typeparam name="T">The type of its values.</typeparam>
public sealed class SearchParameter<T> : SearchParameter
{
    private readonly Func<double, T> _at;
    private readonly Func<T, string> _text;
    private readonly string _kind;

    internal SearchParameter(string name, string kind, Func<double, T> at, Func<T, string> text)
        : base(name) => (_kind, _at, _text) = (kind, at, text);

    internal override string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {(Choices is null ? $"{_kind} from {Low:R} to {High:R}" : "one of " + string.Join(", ", Choices))}, grid {string.Join(", ", GridPositions.Select(TextAt))}");

    /// <summary>The value at a position.</summary>
    /// <param name="position">From 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The position is not from 0 to 1.</exception>
    public T At(double position) => position is >= 0 and <= 1
        ? _at(position)
        : throw new ArgumentOutOfRangeException(nameof(position), position, "A position is a number from 0 to 1.");

    /// <inheritdoc/>
    public override string TextAt(double position) => _text(At(position));
}
