using System.Diagnostics;
using System.Globalization;
using Glia.Kernels;
using TorchSharp;

namespace Glia.Benchmarks.Peer;

/// <summary>The peak of resident memory of a process that trains one row by one side alone.</summary>
internal static class PeakMemory
{
    private const int Steps = 30;

    public static int Run(string filter)
    {
        Console.WriteLine("Peak of resident memory in MB of a process that makes 30 steps, on 2 threads");
        Console.WriteLine($"{"row",-62}{"Glia",9}{"libtorch",10}{"share",8}");
        var met = true;
        foreach (var (create, index) in NetworkRows.All().Select((create, index) => (create, index)))
        {
            string name;
            using (var row = create())
                name = row.Name;
            if (!name.StartsWith("train", StringComparison.Ordinal) || !name.Contains(filter, StringComparison.OrdinalIgnoreCase))
                continue;
            var (own, peer) = (Measure(index, "glia"), Measure(index, "libtorch"));
            met &= own <= peer / 2;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-62}{own,9:F0}{peer,10:F0}{own / peer,8:P0}"));
        }
        return met ? 0 : 1;
    }

    /// <summary>One side of one row in this process; prints the peak in kB.</summary>
    public static int RunOne(string index, string side)
    {
        WorkerPool.Threads = 2;
        using var row = NetworkRows.All().ElementAt(int.Parse(index, CultureInfo.InvariantCulture))();
        if (side == "glia")
        {
            for (var i = 0; i < Steps; i++)
                row.Glia();
        }
        else
        {
            torch.set_num_threads(2);
            for (var i = 0; i < Steps; i++)
                row.Torch();
        }
        var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Console.WriteLine(peak.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
        return 0;
    }

    private static double Measure(int index, string side)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { typeof(PeakMemory).Assembly.Location, "--peak-of", index.ToString(CultureInfo.InvariantCulture), side })
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        child.ErrorDataReceived += (_, _) => { };
        child.BeginErrorReadLine();
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 ? double.Parse(output.Trim().Split('\n')[^1], CultureInfo.InvariantCulture) / 1024 : throw new InvalidOperationException($"The process for {side} ended with {child.ExitCode}.");
    }
}
