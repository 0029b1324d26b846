using System.Globalization;
using Glia.Conformance.Onnx;

namespace Glia.Conformance;

/// <summary>
/// Runs every case of a folder and prints one line for each: files against PyTorch, in both floating-point types, and folders of ONNX's kind.
/// </summary>
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
            errors.WriteLine("Usage: Glia.Conformance <folder with .safetensors cases, or with folders of model.onnx and its data sets>");
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
        foreach (var path in OnnxCase.CasesIn(folder))
        {
            var problem = OnnxCase.Problem(path);
            var name = Path.GetRelativePath(folder, path) is var relative && relative == "." ? Path.GetFileName(Path.GetFullPath(folder)) : relative.Replace('\\', '/');
            output.WriteLine(problem is null ? $"pass {name}" : $"FAIL {name}: {problem}");
            if (problem is null)
                passed++;
            else
                failed++;
        }
        if (passed + failed == 0)
        {
            errors.WriteLine($"The folder '{folder}' holds no .safetensors files, and no folders of model.onnx with test_data_set_0.");
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
