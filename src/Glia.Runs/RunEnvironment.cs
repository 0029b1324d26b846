using System.Reflection;
using System.Runtime.InteropServices;
using Glia.Kernels;

namespace Glia.Runs;

/// <summary>Where a run is trained, as far as it can make a difference.</summary>
public static class RunEnvironment
{
    /// <summary>
    /// The machine, its system, processor, architecture, instruction set as far as it is used, cores and threads; the versions of .NET (<c>runtime</c>) and of Glia (<c>glia</c>); the
    /// number of this process.
    /// </summary>
    public static IReadOnlyDictionary<string, RunValue> Read() => new Dictionary<string, RunValue>(StringComparer.Ordinal)
    {
        ["machine"] = Environment.MachineName,
        ["system"] = RuntimeInformation.OSDescription,
        ["processor"] = Processor(),
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["instructionSet"] = IsaSupport.Current.ToString(),
        ["cores"] = Environment.ProcessorCount,
        ["threads"] = Device.Threads,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["glia"] = typeof(Tensor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        ["process"] = Environment.ProcessId,
    };

    private static string Processor()
    {
        try
        {
            if (OperatingSystem.IsLinux() && File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line)
                return line[(line.IndexOf(':') + 1)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A system that does not say is no reason not to record.
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "";
    }
}
