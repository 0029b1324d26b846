using System.Diagnostics;
using Xunit.Abstractions;

namespace Glia.Aot.Tests;

/// <summary>The program tests/Glia.Aot, compiled ahead of time, computes the same bits as under the just-in-time compiler.</summary>
public class NativeProgramTests(ITestOutputHelper log)
{
    private static readonly DirectoryInfo Own = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    private static string ManagedProgram => Path.Combine(Own.Parent!.Parent!.FullName, "Glia.Aot", Own.Name, "Glia.Aot.dll");

    private static string Script => Path.Combine(Own.Parent!.Parent!.Parent!.Parent!.FullName, "tests", "Glia.Aot", "publish.sh");

    [Fact]
    public void Published_WithoutWarnings_ComputesTheSameBits()
    {
        var output = Path.Combine(Own.FullName, "native");
        var published = Run("bash", Script, output);
        Assert.DoesNotContain("warning", published, StringComparison.OrdinalIgnoreCase);

        var native = Path.Combine(output, "Glia.Aot");
        var expected = Run("dotnet", ManagedProgram);
        Assert.Contains("checksum", expected, StringComparison.Ordinal);
        Assert.Equal(expected, Run(native));
        log.WriteLine($"{new FileInfo(native).Length / 1e6:F1} MB, starts and ends in {StartUp(native):F1} ms");
    }

    /// <summary>The median of some runs that print a version and end.</summary>
    private static double StartUp(string program)
    {
        var times = new double[9];
        for (var i = 0; i < times.Length; i++)
        {
            var clock = Stopwatch.StartNew();
            Run(program, "--version");
            times[i] = clock.Elapsed.TotalMilliseconds;
        }
        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}.\n{output}\n{error.Result}");
        return output;
    }
}
