using System.Globalization;
using Glia.Kernels;
using TorchSharp;

namespace Glia.Benchmarks.Peer;

/// <summary>Glia's kernels and libtorch's in one process, taking turns; medians, and how far the results differ.</summary>
internal static class SideBySide
{
    public static int Run(string filter)
    {
        using var noGradients = torch.no_grad();
        Console.WriteLine($"Glia {IsaSupport.Current} against libtorch {torch.__version__}; float; medians in ms; a ratio above 1 means Glia is faster");
        Console.WriteLine($"{"row",-52}{"threads",8}{"Glia",11}{"libtorch",11}{"ratio",8}{"difference",12}");
        var agree = true;
        foreach (var row in Rows.All().Where(r => r.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            using (row)
            {
                var difference = row.Difference();
                agree &= difference < 1e-4;
                foreach (var threads in new[] { 1, 2 })
                {
                    WorkerPool.Threads = threads;
                    torch.set_num_threads(threads);
                    var times = Timing.Alternate([row.Glia, row.Torch]);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.Name,-52}{threads,8}{times[0] * 1e3,11:F4}{times[1] * 1e3,11:F4}{times[1] / times[0],8:F2}{difference,12:E1}"));
                }
            }
        }
        if (!agree)
            Console.Error.WriteLine("Results differ by more than 1e-4 of the largest number.");
        return agree ? 0 : 1;
    }
}
