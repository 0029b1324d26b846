using System.Globalization;
using Glia.Kernels;
using TorchSharp;

namespace Glia.Benchmarks.Peer;

/// <summary>Glia and libtorch in one process, taking turns; medians, and how far the results differ.</summary>
internal static class SideBySide
{
    private static readonly int[] ThreadCounts = [1, 2];

    /// <summary>Measures the rows whose names contain <paramref name="filter"/> (or one of several parts with | between), or one of a shape of one's own.</summary>
    /// <param name="filter">What the names contain; empty for all.</param>
    /// <param name="file">The path of a table to write as .csv and .md, without its ending; null for none.</param>
    public static int Run(string filter, string? file = null)
    {
        using var noGradients = torch.no_grad();
        var title = FormattableString.Invariant(
            $"Glia {IsaSupport.Current} against libtorch {torch.__version__}; float; medians; one core: {Machine.Flops(1) / 1e9:F0} GFLOP/s; limit: the part of that peak, or of the bandwidth (B), that Glia reaches; B/step: managed bytes");
        Console.WriteLine(title);
        Console.WriteLine($"{"row",-62}{"threads",8}{"Glia ms",10}{"libtorch",10}{"ratio",8}{"goal",6}{"limit",10}{"B/step",8}{"differ",9}");
        var (agree, results) = (true, new List<Result>());
        foreach (var create in Select(filter))
        {
            using var row = create();
            var difference = row.Difference();
            agree &= difference < row.Tolerance;
            foreach (var threads in ThreadCounts)
            {
                WorkerPool.Threads = threads;
                torch.set_num_threads(threads);
                var times = Timing.Alternate([row.Glia, row.Torch]);
                var result = new Result(row.Name, threads, times[0], times[1], row.Goal, OfLimit(row, threads, times[0]), Allocated(row), difference);
                results.Add(result);
                Console.WriteLine(result.Line());
            }
        }
        if (results.Exists(r => !r.IsMet))
            Console.WriteLine("* below its goal");
        if (file is not null)
            Save(file, title, results);
        if (!agree)
            Console.Error.WriteLine("Results differ by more than rounding explains.");
        return agree ? 0 : 1;
    }

    private static IEnumerable<Func<Row>> Select(string filter)
    {
        if (NetworkRows.Parse(filter) is { } own)
            return [own];
        // A row's operands are made when its turn comes; its name is known only then.
        return NetworkRows.All().Concat(ElementRows.All()).Concat(KernelRows.All()).Where(create =>
        {
            if (filter.Length == 0)
                return true;
            using var row = create();
            return filter.Split('|').Any(part => row.Name.Contains(part, StringComparison.OrdinalIgnoreCase));
        });
    }

    private static string OfLimit(Row row, int threads, double seconds)
    {
        var arithmetic = row.Flops / Machine.Flops(threads);
        var memory = row.Bytes == 0 ? 0 : row.Bytes / Machine.Bandwidth(row.Footprint ?? row.Bytes, threads);
        return string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Max(arithmetic, memory) / seconds:F0} %{(memory > arithmetic ? " B" : "")}");
    }

    private static double Allocated(Row row)
    {
        const int Runs = 10;
        row.Glia();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Runs; i++)
            row.Glia();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Runs;
    }

    private static void Save(string file, string title, List<Result> results)
    {
        File.WriteAllLines(file + ".csv", results.Select(r => r.Csv()).Prepend("row,threads,glia_ms,libtorch_ms,ratio,goal,limit,bytes_per_step,difference"));
        File.WriteAllLines(
            file + ".md",
            [
                title, "", "| row | Glia ms, 1 / 2 threads | libtorch ms | ratio | goal | of the limit | B/step |", "| --- | --- | --- | --- | --- | --- | --- |",
                .. results.GroupBy(r => r.Name).Select(row => Markdown([.. row])),
            ]);
    }

    private static string Markdown(Result[] row)
    {
        var ratios = Each(r => string.Create(CultureInfo.InvariantCulture, $"{(r.IsMet ? "" : "**")}{r.Ratio:F2}{(r.IsMet ? "" : "**")}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {row[0].Name} | {Each(r => Milliseconds(r.Glia))} | {Each(r => Milliseconds(r.Torch))} | {ratios} | {row[0].Goal:G3} | {Each(r => r.Limit)} | {row[0].Allocated:F0} |");

        string Each(Func<Result, string> text) => string.Join(" / ", row.Select(text));

        static string Milliseconds(double seconds) => (seconds * 1e3).ToString("G3", CultureInfo.InvariantCulture);
    }

    private sealed record Result(string Name, int Threads, double Glia, double Torch, double Goal, string Limit, double Allocated, double Difference)
    {
        public double Ratio => Torch / Glia;

        public bool IsMet => Ratio >= Goal;

        public string Line() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Name,-62}{Threads,8}{Glia * 1e3,10:F4}{Torch * 1e3,10:F4}{Ratio,8:F2}{Goal,6:G3}{(IsMet ? " " : "*")}{Limit,9}{Allocated,8:F0}{Difference,9:E0}");

        public string Csv() => string.Create(
            CultureInfo.InvariantCulture,
            $"\"{Name}\",{Threads},{Glia * 1e3:G4},{Torch * 1e3:G4},{Ratio:F2},{Goal:G3},{Limit},{Allocated:F0},{Difference:E0}");
    }
}
