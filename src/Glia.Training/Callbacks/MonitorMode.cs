namespace Glia.Training;

/// <summary>Which way a watched value improves.</summary>
public enum MonitorMode
{
    /// <summary>Lower is better, as for a loss.</summary>
    Lower,

    /// <summary>Higher is better, as for accuracy.</summary>
    Higher,
}
