using System.Reflection;
using System.Runtime.InteropServices;
using Glia.Kernels;

namespace Glia.Runs;

/// <summary>Where a run is trained, as far as it can make a difference.</summary>
internal static class RunEnvironment
{
    public static Dictionary<string, RunValue> Read() => new(StringComparer.Ordinal)
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
