using System.Globalization;

namespace Glia.Conformance;

/// <summary>How far a result may be from the reference.</summary>
internal readonly record struct Tolerance(double Relative, double Absolute);

/// <summary>|got − ref| ≤ rtol·|ref| + atol·max(1, max |ref|) for every element; whole numbers and truth values exactly.</summary>
internal static class Comparison
{
    public static CaseResult Compare(string name, ConformanceCase c, Results results)
    {
        var (error, problem) = (0.0, default(string));
        var expected = c.Expected.ToArray();
        foreach (var key in expected)
        {
            if (!results.TryGetValue(key, out var got))
            {
                problem ??= $"{key} was not computed";
                continue;
            }
            var (tensorError, tensorProblem) = Compare(got, c.Reference(key), c.DType, c.Tolerance);
            error = Math.Max(error, tensorError);
            problem ??= tensorProblem is null ? null : $"{key} {tensorProblem}";
        }
        return new CaseResult(name, c.DType, error, expected.Length == 0 ? "the case expects nothing" : problem);
    }

    /// <summary>The largest relative error, and what is wrong, if anything is.</summary>
    public static (double Error, string? Problem) Compare(Tensor got, Tensor reference, DType dtype, Tolerance tolerance)
    {
        var isExact = !reference.DType.IsFloatingPoint();
        var expected = isExact ? reference.DType : dtype;
        if (got.DType != expected)
            return (double.NaN, $"holds {got.DType} where {expected} was expected");
        if (got.Shape != reference.Shape)
            return (double.NaN, $"has shape {got.Shape} where {reference.Shape} was expected");
        var (actual, wanted) = (got.To(DType.Float64).ToArray<double>(), reference.To(DType.Float64).ToArray<double>());
        var scale = wanted.Where(double.IsFinite).Aggregate(1.0, (max, value) => Math.Max(max, Math.Abs(value)));
        var (rtol, atol) = isExact ? (0, 0) : (tolerance.Relative, tolerance.Absolute * scale);
        // Relative to |ref|, but near zero to the size at which the absolute tolerance takes over.
        var floor = rtol > 0 ? atol / rtol : scale;
        var (worst, problem) = (0.0, default(string));
        for (var i = 0; i < wanted.Length; i++)
        {
            // No tolerance reaches an infinity or NaN: there the reference must be met exactly.
            var difference = actual[i].Equals(wanted[i]) ? 0 : Math.Abs(actual[i] - wanted[i]);
            worst = Math.Max(worst, difference == 0 ? 0 : double.IsFinite(wanted[i]) ? difference / (Math.Abs(wanted[i]) + floor) : double.PositiveInfinity);
            if (difference != 0 && !(double.IsFinite(wanted[i]) && difference <= (rtol * Math.Abs(wanted[i])) + atol))
                problem ??= string.Create(CultureInfo.InvariantCulture, $"has {actual[i]:R} where {wanted[i]:R} was expected, at element {i} of {got.Shape}");
        }
        return (worst, problem);
    }
}
