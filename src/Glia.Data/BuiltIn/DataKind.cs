namespace Glia.Data;

/// <summary>What the samples of a data set are.</summary>
public enum DataKind
{
    /// <summary>Rows of a table.</summary>
    Table,

    /// <summary>Images; see <see cref="BuiltInDatasets.LoadImages"/>.</summary>
    Images,

    /// <summary>Moments of one time series, the rows of a table in the order of time.</summary>
    Series,

    /// <summary>Sequences of (time, features), or videos of (time, channels, rows, columns); see <see cref="BuiltInDatasets.LoadSequences"/>.</summary>
    Sequences,
}
