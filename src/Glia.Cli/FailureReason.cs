namespace Glia.Cli;

/// <summary>Why something failed, in words that name no temporary files and no parameters of ours.</summary>
internal static class FailureReason
{
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int QuotaExceeded = 122;

    /// <summary>Whether this is a refusal to write; .NET reports a file that grows too large as an argument out of range.</summary>
    public static bool IsKnown(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { Source: "System.Private.CoreLib", ParamName: "value" };

    public static string Of(Exception e, string path)
    {
        if (FileAmong(path) is { } file)
            return $"'{file}' is a file, not a folder";
        while (e.InnerException is IOException or UnauthorizedAccessException)
            e = e.InnerException;
        return e switch
        {
            UnauthorizedAccessException => "that is not permitted",
            { HResult: NoSpace or QuotaExceeded } => "the disk is full",
            ArgumentOutOfRangeException => "the files would be larger than allowed",
            { HResult: ReadOnly } => "the file system is read-only",
            _ => "the system refuses it",
        };
    }

    /// <summary>A message without the parameter that .NET adds to it.</summary>
    public static string Said(Exception e) => e.Message.Split(" (Parameter")[0];

    /// <summary>The folder above a path that is in truth a file.</summary>
    private static string? FileAmong(string path)
    {
        for (var parent = Path.GetDirectoryName(path); !string.IsNullOrEmpty(parent); parent = Path.GetDirectoryName(parent))
        {
            if (File.Exists(parent))
                return parent;
        }
        return null;
    }
}
