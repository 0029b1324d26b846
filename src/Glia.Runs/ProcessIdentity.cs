using System.Globalization;

namespace Glia.Runs;

/// <summary>Which process records a run, so that another can tell whether it still lives: a number is used again, a number with the moment of its start is not.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Process">The process's number.</param>
/// <param name="Start">When it started, in words of the system's own.</param>
internal sealed record ProcessIdentity(string Host, int Process, string Start)
{
    /// <summary>Of another machine only the last sign of life is known; a writer gives one at least every half minute.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    public static ProcessIdentity Current { get; } = new(Environment.MachineName, Environment.ProcessId, StartOf(Environment.ProcessId) ?? "");

    /// <summary>Whether the process is there still.</summary>
    /// <param name="silence">The time since its last sign of life.</param>
    public bool IsAlive(TimeSpan silence) => Host == Environment.MachineName ? StartOf(Process) == Start : silence < LongestSilence;

    /// <summary>When a process started; null when there is none of that number, or only what a killed one leaves until its parent looks.</summary>
    private static string? StartOf(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return LinuxStart(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return found.StartTime.Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Ticks since this boot: unlike the time of day they do not move when the clock is set.</summary>
    private static string? LinuxStart(string stat)
    {
        var text = File.ReadAllText(stat);
        // The program's name stands in brackets and may hold anything; the fields after it begin with the third, the state.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {fields[19]}";
    }
}
