using System.Diagnostics;

namespace Glia.Fuzz;

/// <summary>Runs a reader on one input after the other, and judges what it does.</summary>
internal sealed class FuzzRun : IDisposable
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly FuzzTarget _target;
    private readonly string _path;
    private long _baseline;

    public FuzzRun(FuzzTarget target, string? folder = null)
    {
        _target = target;
        folder ??= Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        _path = Path.Combine(folder, $"glia-fuzz-{target.Name}-{Environment.ProcessId}-{Guid.NewGuid():N}{target.Extension}");
    }

    /// <summary>How often each outcome was: "read", or the name of an exception.</summary>
    public SortedDictionary<string, long> Outcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>The most that an input allocated.</summary>
    public long MostBytes { get; private set; }

    /// <summary>The longest that an input took.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Reads an input; what is wrong about it, or null.</summary>
    public string? Try(byte[] input)
    {
        if (_target.NeedsFile)
            File.WriteAllBytes(_path, input);
        var (outcome, failure, bytes, time) = Once(input);
        if (failure is null && time > Slow)
        {
            // The machine may have been busy with something else.
            (outcome, failure, bytes, time) = Once(input);
            failure ??= time > Slow ? $"took {time.TotalSeconds:F1} s" : null;
        }

        var allowed = _target.AllowedBytes + (_target.AllowedBytesPerByte * input.Length);
        if (failure is null && bytes > allowed)
            failure = $"allocated {bytes:N0} bytes for {input.Length:N0}, more than the {allowed:N0} allowed";
        MostBytes = Math.Max(MostBytes, bytes);
        Longest = time > Longest ? time : Longest;
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
        return failure;
    }

    public void Dispose() => File.Delete(_path);

    private (string Outcome, string? Failure, long Bytes, TimeSpan Time) Once(byte[] input)
    {
        _baseline = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        string? failure = null;
        var outcome = "read";
        try
        {
            _target.Read(input, _path);
        }
        catch (Exception e)
        {
            outcome = e.GetType().Name;
            if (!_target.IsDocumented(e))
                failure = $"threw {e}";
        }

        return (outcome, failure, GC.GetAllocatedBytesForCurrentThread() - _baseline, Stopwatch.GetElapsedTime(start));
    }
}
