using System.Globalization;

namespace Glia.Conformance;

/// <summary>What came of a case in one type: the largest relative error, and what went wrong, if anything did.</summary>
internal sealed record CaseResult(string Name, DType DType, double? Error, string? Problem)
{
    public bool Passed => Problem is null;

    private string Type => DType == DType.Float64 ? "f64" : "f32";

    /// <summary>One line for a case: pass or FAIL, the largest relative error in each type, the name, and what went wrong.</summary>
    /// <param name="results">The same case in each type.</param>
    public static string Line(IReadOnlyList<CaseResult> results)
    {
        var failed = results.Where(r => !r.Passed).ToArray();
        var errors = string.Join(' ', results.Select(r => $"{r.Type} {(r.Error is { } e ? e.ToString("0.0e+00", CultureInfo.InvariantCulture) : "-"),-7}"));
        // What goes wrong in every type is said once.
        var isCommon = failed.Length == results.Count && failed.All(r => r.Problem == failed[0].Problem);
        var problem = isCommon ? failed[0].Problem : string.Join("; ", failed.Select(r => $"{r.Type} {r.Problem}"));
        return $"{(failed.Length == 0 ? "pass" : "FAIL")} {errors} {results[0].Name}{(failed.Length == 0 ? "" : ": " + problem)}";
    }

    public override string ToString() => Line([this]);
}
