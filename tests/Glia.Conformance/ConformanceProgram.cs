using System.Globalization;

namespace Glia.Conformance;

/// <summary>Runs every case of a folder in both floating-point types and prints one line for each.</summary>
internal static class ConformanceProgram
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;

    /// <returns>0 when every case passes, 1 when one fails, 2 when there is nothing to run.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not [var folder])
        {
            errors.WriteLine("Usage: Glia.Conformance <folder with .safetensors cases>");
            return WrongUsage;
        }
        if (!Directory.Exists(folder))
        {
            errors.WriteLine($"There is no folder '{folder}'. Give the folder that holds the cases.");
            return WrongUsage;
        }
        var (passed, failed) = (0, 0);
        foreach (var path in CasesIn(folder))
        {
            CaseResult[] results = [.. CaseRunner.DTypes.Select(dtype => CaseRunner.Run(path, NameOf(folder, path), dtype))];
            output.WriteLine(CaseResult.Line(results));
            if (Array.TrueForAll(results, r => r.Passed))
                passed++;
            else
                failed++;
        }
        if (passed + failed == 0)
        {
            errors.WriteLine($"The folder '{folder}' holds no .safetensors files.");
            return WrongUsage;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed"));
        return failed == 0 ? Passed : Failed;
    }

    /// <summary>The case files of a folder and the folders in it, in the order of their names.</summary>
    public static IEnumerable<string> CasesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>group/operation__variant.</summary>
    public static string NameOf(string folder, string path) => Path.ChangeExtension(Path.GetRelativePath(folder, path), null).Replace('\\', '/');
}
