namespace Glia;

/// <summary>Which numbers a regression may give; see <see cref="Network.Regression"/>.</summary>
public enum RegressionRange
{
    /// <summary>Any number: a linear output, times the targets' standard deviation, plus their mean.</summary>
    Any,

    /// <summary>Positive numbers: a softplus output, times the targets' mean.</summary>
    Positive,

    /// <summary>Numbers between the smallest and the largest target: a sigmoid output, times their distance, plus the smallest.</summary>
    Bounded,
}
