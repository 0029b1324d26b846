namespace Glia.Data;

/// <summary>What there is to be learned of a target column.</summary>
public enum TaskKind
{
    /// <summary>One of several classes.</summary>
    Classification,

    /// <summary>A number.</summary>
    Regression,
}
