using System.Globalization;
using Glia.Kernels;
using TorchSharp;

namespace Glia.Benchmarks.Peer;

/// <summary>Glia and libtorch in one process, taking turns; medians, and how far the results differ.</summary>
internal static class SideBySide
{
    /// <summary>Measures the rows whose names contain <paramref name="filter"/> (or one of several parts with | between), or one of a shape of one's own.</summary>
    public static int Run(string filter, string? save)
    {
        using var noGradients = torch.no_grad();
        var table = new List<string>();
        Print(table, $"Glia {IsaSupport.Current} against libtorch {torch.__version__}; float; medians in ms; a ratio above 1 means Glia is faster");
        Print(table, $"one core: {Machine.Flops(1) / 1e9:F0} GFLOP/s; of limit: the part of the peak, or of the bandwidth where B stands, that Glia reaches; B/step: managed bytes");
        Print(table, $"{"row",-62}{"threads",8}{"Glia",10}{"libtorch",10}{"ratio",8}{"goal",6}{"of limit",10}{"B/step",8}{"differ",9}");
        var (agree, met) = (true, true);
        foreach (var create in Select(filter))
        {
            using var row = create();
            var difference = row.Difference();
            agree &= difference < row.Tolerance;
            foreach (var threads in new[] { 1, 2 })
            {
                WorkerPool.Threads = threads;
                torch.set_num_threads(threads);
                var times = Timing.Alternate([row.Glia, row.Torch]);
                var ratio = times[1] / times[0];
                met &= ratio >= row.Goal;
                Print(table, $"{row.Name,-62}{threads,8}{times[0] * 1e3,10:F4}{times[1] * 1e3,10:F4}{ratio,8:F2}{row.Goal,6:G3}{(ratio < row.Goal ? "*" : " ")}{OfLimit(row, threads, times[0]),9}{Allocated(row),8:F0}{difference,9:E0}");
            }
        }
        if (!met)
            Print(table, $"* below its goal");
        if (save is not null)
            File.WriteAllLines(save, table);
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
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(arithmetic, memory) / seconds:P0}{(memory > arithmetic ? " B" : "  ")}");
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

    private static void Print(List<string> table, FormattableString line)
    {
        var text = FormattableString.Invariant(line);
        table.Add(text);
        Console.WriteLine(text);
    }
}
