using System.Diagnostics;

namespace Glia.Docs.Tests;

/// <summary>What a program printed and how it ended.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    public static ProcessResult Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Repository.Program(program));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // What tests train is no history of the user's.
        start.Environment["GLIA_STORE"] = "off";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProcessResult(process.ExitCode, output, error.Result);
    }
}
