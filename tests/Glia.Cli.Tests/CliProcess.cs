using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Glia.Cli.Tests;

/// <summary>The program, run as a process of its own.</summary>
internal sealed partial class CliProcess : IDisposable
{
    private const int Seconds = 60;

    private readonly Process _process;
    private readonly Task<string> _error;
    private string _out = "";

    public CliProcess(string folder, params string[] args)
        : this(folder, new Dictionary<string, string>(), args)
    {
    }

    public CliProcess(string folder, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GLIA_COMMAND"] = "glia";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    public static string Program => Path.Combine(AppContext.BaseDirectory, "Glia.Cli.dll");

    public int Id => _process.Id;

    /// <summary>Runs a shell command line in which $GLIA stands for the program.</summary>
    public static CliResult Shell(string folder, string commandLine)
    {
        var start = new ProcessStartInfo("bash", ["-c", commandLine]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GLIA"] = $"dotnet {Program}";
        start.Environment["GLIA_COMMAND"] = "glia";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CliResult(process.ExitCode, output, error.Result);
    }

    /// <summary>Reads output up to the first line that contains a text.</summary>
    public void WaitFor(string text)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            _out += line + "\n";
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }
        Assert.Fail($"'{text}' never appeared in:\n{_out}{_error.Result}");
    }

    public void Signal(PosixSignal signal)
    {
        var number = signal == PosixSignal.SIGINT ? 2 : 15;
        Assert.Equal(0, Send(_process.Id, number));
    }

    /// <summary>Ends the process without a warning, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends the process as a crash does (SIGKILL): it can do nothing about it.</summary>
    public void KillAtOnce()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public CliResult Wait()
    {
        _out += _process.StandardOutput.ReadToEnd();
        Assert.True(_process.WaitForExit(TimeSpan.FromSeconds(Seconds)), string.Create(CultureInfo.InvariantCulture, $"no end after {Seconds} s"));
        return new CliResult(_process.ExitCode, _out, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
