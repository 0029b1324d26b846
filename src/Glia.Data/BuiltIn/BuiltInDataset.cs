namespace Glia.Data;

/// <summary>What is known about a data set that comes with Glia.</summary>
public sealed record BuiltInDataset
{
    /// <summary>The name to load it by.</summary>
    public required string Name { get; init; }

    /// <summary>The number of rows, or of sequences.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of columns, the target included; for sequences, the numbers of one time step.</summary>
    public required int Columns { get; init; }

    /// <summary>The column to be predicted, or what a sequence's target is.</summary>
    public required string Target { get; init; }

    /// <summary>Classification or regression.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>What the rows are and what is predicted, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Where the data come from.</summary>
    public required string Source { get; init; }

    /// <summary>The licence of the data.</summary>
    public required string Licence { get; init; }

    /// <summary>What the samples are; rows of a table unless said otherwise. Images and series can be loaded as tables too.</summary>
    public DataKind Kind { get; init; }

    /// <summary>The names of the classes, for sequences; others have them in their target column.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];
}
