using System.Globalization;

namespace Glia.Conformance;

/// <summary>What came of a case in one type: the largest relative error, and what went wrong, if anything did.</summary>
internal sealed record CaseResult(string Name, DType DType, double? Error, string? Problem)
{
    public bool Passed => Problem is null;

    public override string ToString()
    {
        var dtype = DType == DType.Float64 ? "f64" : "f32";
        var error = Error is { } e ? e.ToString("0.0e+00", CultureInfo.InvariantCulture) : "-";
        return $"{(Passed ? "pass" : "FAIL")} {dtype} {error,-8} {Name}{(Passed ? "" : ": " + Problem)}";
    }
}
