namespace Glia.Training;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were run.</summary>
    Completed,

    /// <summary>The watched value had not improved for a while.</summary>
    EarlyStopping,

    /// <summary>It was asked to, for example by Ctrl-C.</summary>
    Cancelled,

    /// <summary>A callback of the user's stopped it.</summary>
    Callback,
}
