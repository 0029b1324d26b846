namespace Glia.Training.Tuning;

/// <summary>Why a search ended.</summary>
public enum SearchEnd
{
    /// <summary>All trials were done.</summary>
    Completed,

    /// <summary>Its time was up.</summary>
    TimeLimit,

    /// <summary>It was asked to, for example by Ctrl-C.</summary>
    Cancelled,
}
