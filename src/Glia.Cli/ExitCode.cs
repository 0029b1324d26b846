namespace Glia.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>A defect of Glia itself.</summary>
    public const int InternalError = 1;

    /// <summary>The command, the data or a file is at fault; one line on standard error says how.</summary>
    public const int BadInput = 2;

    /// <summary>The loss became NaN or infinite.</summary>
    public const int Diverged = 3;

    /// <summary>The terminal went away (SIGHUP).</summary>
    public const int HungUp = 129;

    /// <summary>Stopped by Ctrl-C, with the best weights saved.</summary>
    public const int Cancelled = 130;

    /// <summary>Stopped by SIGTERM, with the best weights saved.</summary>
    public const int Terminated = 143;
}
