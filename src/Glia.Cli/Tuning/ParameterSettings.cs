namespace Glia.Cli.Tuning;

/// <summary>An option of training that is varied: over values, or from a number to another.</summary>
/// <param name="Name">The option's name without dashes.</param>
/// <param name="Line">Where it stands in the file.</param>
internal sealed record ParameterSettings(string Name, long Line)
{
    /// <summary>The values as they would stand on the command line; null for a range.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    public double From { get; init; }

    public double To { get; init; }

    public bool IsLogarithmic { get; init; }

    /// <summary>How many values a grid takes of a range.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>Whether the option takes whole numbers only.</summary>
    public bool IsWhole { get; init; }
}
