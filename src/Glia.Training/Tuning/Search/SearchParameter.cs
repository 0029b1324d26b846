namespace Glia.Training.Tuning;

/// <summary>
/// A setting that a search varies. Its values lie along a line from 0 to 1: numbers evenly, or by their logarithm; choices in parts of equal length. A position drawn evenly
/// from [0, 1) is thus a value drawn by the parameter's own law.
/// </summary>
public abstract class SearchParameter
{
    private protected SearchParameter(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>What it is called in tables and charts.</summary>
    public string Name { get; }

    /// <summary>The values as text, in their order, where they are given one by one; null where they lie between two numbers.</summary>
    public IReadOnlyList<string>? Choices { get; internal init; }

    /// <summary>The smallest number; NaN for choices.</summary>
    public double Low { get; internal init; } = double.NaN;

    /// <summary>The largest number; NaN for choices.</summary>
    public double High { get; internal init; } = double.NaN;

    /// <summary>Whether numbers are drawn evenly by their logarithm.</summary>
    public bool IsLogarithmic { get; internal init; }

    /// <summary>The positions of a grid's points, in order.</summary>
    internal IReadOnlyList<double> GridPositions { get; init; } = [];

    /// <summary>The parameter in a line; two are the same exactly when these are.</summary>
    internal abstract string Description { get; }

    /// <summary>The value at a position, as text from which a number is read back exactly.</summary>
    /// <param name="position">From 0 to 1.</param>
    public abstract string TextAt(double position);
}
