namespace Glia.Cli.Commands;

/// <summary>What the user asked of a filter.</summary>
internal sealed record FilterOptions
{
    public required string Image { get; init; }

    public required string Kernel { get; init; }

    public int? Size { get; init; }

    public double? Sigma { get; init; }

    public FilterEdge Edge { get; init; }

    public bool Grey { get; init; }

    public bool Signed { get; init; }

    public required string Out { get; init; }
}

internal enum FilterEdge
{
    Replicate,
    Reflect,
    Zero,
}
