namespace Glia.Runs;

/// <summary>How far a run has come.</summary>
public enum RunState
{
    /// <summary>It is being trained by a process that lives.</summary>
    Running,

    /// <summary>Training ended as it should: by itself, by early stopping, or because the user asked for it.</summary>
    Completed,

    /// <summary>Training diverged, or an exception ended it.</summary>
    Failed,

    /// <summary>The process that trained is gone without a word: it was killed, or the machine went down.</summary>
    Interrupted,
}
