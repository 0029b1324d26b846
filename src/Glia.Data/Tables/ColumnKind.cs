namespace Glia.Data;

/// <summary>What a column of a <see cref="Table"/> holds.</summary>
public enum ColumnKind
{
    /// <summary>Numbers.</summary>
    Numeric,

    /// <summary>Texts, each standing for a category.</summary>
    Categorical,
}
