using System.Diagnostics;

namespace Glia.Benchmarks;

/// <summary>Medians of repeated runs.</summary>
internal static class Timing
{
    private const int WarmUpRounds = 3;
    private const int CompileMilliseconds = 200;
    private const double WarmUpSeconds = 0.2;
    private const double SampleSeconds = 0.006;
    private const int Samples = 21;
    private const int SettleMilliseconds = 20;

    /// <summary>The median time of one call, in seconds.</summary>
    public static double Median(Action action) => Alternate([action])[0];

    /// <summary>The median time of one call of each action, in seconds, the actions taking turns so that noise meets all alike.</summary>
    public static double[] Alternate(Action[] actions)
    {
        var repeats = new int[actions.Length];
        for (var i = 0; i < actions.Length; i++)
            repeats[i] = WarmUp(actions[i]);
        var times = new double[actions.Length][];
        for (var i = 0; i < actions.Length; i++)
            times[i] = new double[Samples];
        for (var sample = 0; sample < Samples; sample++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                // libtorch's threads spin for about 9 ms after their last work. Waiting awake keeps a virtual machine's processors from being
                // halted, which takes milliseconds to undo; one call then brings the caches back.
                if (actions.Length > 1)
                    WaitAwake();
                actions[i]();
                times[i][sample] = Sample(actions[i], repeats[i]);
            }
        }
        foreach (var t in times)
            Array.Sort(t);
        return [.. times.Select(t => t[Samples / 2])];
    }

    // Often-called code is compiled again, twice, on another thread; between the rounds that thread gets the time to do so.
    private static int WarmUp(Action action)
    {
        var calls = 0;
        for (var round = 0; round < WarmUpRounds; round++)
        {
            if (round > 0)
                Thread.Sleep(CompileMilliseconds);
            var start = Stopwatch.GetTimestamp();
            for (calls = 0; Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds || calls < 3; calls++)
                action();
        }
        var one = Sample(action, Math.Max(1, calls / 10));
        return Math.Clamp((int)(SampleSeconds / one), 1, 1_000_000);
    }

    private static void WaitAwake()
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < SettleMilliseconds)
            Thread.SpinWait(100);
    }

    private static double Sample(Action action, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
    }
}
