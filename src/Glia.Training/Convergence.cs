namespace Glia.Training;

/// <summary>How a training came out.</summary>
public enum Convergence
{
    /// <summary>The loss has come to rest.</summary>
    Converged,

    /// <summary>It was still falling at the end: more epochs would help.</summary>
    StillFalling,

    /// <summary>The validation loss turned up while the training loss went on falling.</summary>
    Overfitting,

    /// <summary>It never moved.</summary>
    Stuck,

    /// <summary>It grew.</summary>
    Diverged,
}
