using Glia.Conformance.Operations;

namespace Glia.Conformance;

/// <summary>Runs one case: reads it, looks its operation up, and compares. Whatever goes wrong is a failure of that case alone.</summary>
internal static class CaseRunner
{
    public static IReadOnlyList<DType> DTypes { get; } = [DType.Float64, DType.Float32];

    public static CaseResult Run(string path, string name, DType dtype)
    {
        try
        {
            using var conformanceCase = ConformanceCase.Open(path, dtype);
            var run = AllOperations.Find(conformanceCase.Operation) ?? throw new UnsupportedException($"unknown operation '{conformanceCase.Operation}'");
            var results = run(conformanceCase);
            conformanceCase.RequireAllHonoured();
            return Comparison.Compare(name, conformanceCase, results);
        }
        catch (Exception e)
        {
            return new CaseResult(name, dtype, null, e.Message.ReplaceLineEndings(" "));
        }
    }
}
