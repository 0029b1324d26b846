using System.Diagnostics;
using System.Globalization;

namespace Glia.Fuzz;

/// <summary>The loop of a run: mutate, read, keep what reaches something new. A failure ends it, and its input is kept.</summary>
internal sealed class FuzzLoop(FuzzTarget target, long inputs, int seed, string folder)
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    /// <summary>More than this, and old inputs make room for new ones.</summary>
    private const int LargestCorpus = 20_000;

    private long _beat = Stopwatch.GetTimestamp();

    /// <summary>Runs; true when nothing failed.</summary>
    public bool Run(TextWriter output)
    {
        Directory.CreateDirectory(folder);
        var current = Path.Combine(folder, $"{target.Name}.current");
        using var keeper = new CurrentInput(current);
        using var watchdog = new Timer(_ => Watch(), null, Hang, TimeSpan.FromSeconds(1));
        using var run = new FuzzRun(target);
        var coverage = new Coverage();
        var random = new Random(seed);
        var mutator = new Mutator(target, random);
        var corpus = new List<byte[]>();
        var start = Stopwatch.GetTimestamp();
        foreach (var input in target.AllSeeds())
        {
            if (!Try(input, always: true))
                return false;
        }

        for (var i = 0L; i < inputs; i++)
        {
            if (!Try(mutator.Next(corpus), always: false))
                return false;
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var outcomes = string.Join(", ", run.Outcomes.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Key} {o.Value}")));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {inputs} inputs, {inputs / seconds:F0}/s, corpus {corpus.Count}, {coverage.Places} places, at most {run.MostBytes / 1048576.0:F2} MiB and {run.Longest.TotalMilliseconds:F0} ms; {outcomes}"));
        keeper.Dispose();
        File.Delete(current);
        return true;

        bool Try(byte[] input, bool always)
        {
            keeper.Keep(input);
            Volatile.Write(ref _beat, Stopwatch.GetTimestamp());
            coverage.Reset();
            if (run.Try(input) is { } failure)
            {
                var path = Path.Combine(folder, $"{target.Name}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input))[..12]}");
                File.WriteAllBytes(path, input);
                output.WriteLine($"{target.Name}: {path} {failure}");
                return false;
            }

            if (!coverage.IsNew() && !always)
                return true;
            if (corpus.Count >= LargestCorpus)
                corpus.RemoveAt(random.Next(corpus.Count));
            corpus.Add(input);
            return true;
        }
    }

    private void Watch()
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _beat)) < Hang)
            return;
        Console.WriteLine($"{target.Name}: an input takes longer than {Hang.TotalSeconds:F0} s");
        Environment.Exit(3);
    }
}
