using System.Diagnostics;
using System.Globalization;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;

namespace Glia.Results;

/// <summary>What it costs to record every step: the digits as <c>glia train digits</c> trains them, with a run store, with TensorBoard files, and with neither, in turns.</summary>
internal static class RecordingCost
{
    private const string Begin = "<!-- recording: begin -->";
    private const string End = "<!-- recording: end -->";

    public static void Run(int rounds, string? page, string machine)
    {
        var folder = Directory.CreateTempSubdirectory("glia-recording-");
        try
        {
            var plain = new TrainOptions { Data = "digits", IsNotStored = true };
            (string Name, TrainOptions Options)[] ways =
            [
                ("nothing recorded", plain),
                ("run store", plain with { IsNotStored = false, Store = Path.Combine(folder.FullName, "runs.db") }),
                ("run store and TensorBoard", plain with { IsNotStored = false, Store = Path.Combine(folder.FullName, "runs.db"), TensorBoard = folder.FullName }),
            ];
            var problem = ProblemLoader.Load(plain);
            // The first training of each is compiled as it runs.
            foreach (var way in ways)
                Train(problem, way.Options);
            var (times, work) = (ways.Select(_ => new List<double>()).ToArray(), ways.Select(_ => new List<double>()).ToArray());
            var steps = 0L;
            for (var round = 0; round < rounds; round++)
            {
                // Nobody is always first.
                foreach (var i in Enumerable.Range(0, ways.Length).Select(i => (i + round) % ways.Length))
                {
                    var (total, processor, done) = Train(problem, ways[i].Options);
                    times[i].Add(total);
                    work[i].Add(processor);
                    steps = done;
                }
                Console.WriteLine(string.Join("  ", times.Select(t => t[^1].ToString("F3", CultureInfo.InvariantCulture))));
            }
            Report(ways, times, work, steps, page, machine);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Seconds from before the store is opened until after it is closed, and those that processors worked.</summary>
    private static (double Total, double Processor, long Steps) Train(Problem problem, TrainOptions options)
    {
        var terminal = new Terminal(TextWriter.Null, Console.Error, json: false, quiet: true);
        var recipe = (NetworkRecipe)Recipe.For(problem, options);
        GC.Collect();
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        using (var history = RunHistory.Open(options, terminal))
        {
            history.Prepare("run");
            history.Begin(problem, recipe, options, "run");
            recipe.History = history;
            recipe.Train(problem, options.Seed, terminal, RunCheckpoints.None, default);
        }
        var (total, processor) = (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        var record = recipe.Doctor.Record!;
        return (total, processor, (long)record.Epochs.Count * record.Settings.StepsPerEpoch);
    }

    private static void Report((string Name, TrainOptions Options)[] ways, List<double>[] times, List<double>[] work, long steps, string? page, string machine)
    {
        var culture = CultureInfo.InvariantCulture;
        var rows = ways.Select((way, i) =>
        {
            return string.Create(
                culture, $"| {way.Name} | {Median(times[i]):F3} | {Median(times[i]) / Median(times[0]):F3} | {Median(work[i]):F3} | {Median(work[i]) / Median(work[0]):F3} |");
        });
        var text = string.Create(culture, $"{steps:N0} steps, {times[0].Count} trainings each, in turns, medians, on {machine}:\n\n")
            + "| recorded | seconds | ratio | processor seconds | ratio |\n| --- | --- | --- | --- | --- |\n" + string.Join('\n', rows);
        Console.WriteLine(text);
        if (page is not null)
            WriteInto(page, text);
    }

    /// <summary>Puts the table between the two marks of a page.</summary>
    private static void WriteInto(string page, string text)
    {
        var old = File.ReadAllText(page);
        var (from, to) = (old.IndexOf(Begin, StringComparison.Ordinal), old.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new FormatException($"{page} has no lines '{Begin}' and '{End}' between which the table could stand.");
        File.WriteAllText(page, $"{old[..(from + Begin.Length)]}\n{text}\n{old[to..]}");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
