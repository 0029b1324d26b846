namespace Glia.Diagnostics;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing; the results may be fine.</summary>
    Hint,

    /// <summary>The results are likely worse than they could be.</summary>
    Warning,

    /// <summary>The results cannot be trusted, or there are none.</summary>
    Error,
}
