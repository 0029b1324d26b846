namespace Glia.Conformance.Operations;

internal static class Reductions
{
    public static OperationTable Table { get; } = new()
    {
        { "amax", c => c["x"].Max(Axes(c), KeepDims(c)) },
        { "amin", c => c["x"].Min(Axes(c), KeepDims(c)) },
        { "argmax", c => c["x"].ArgMax(c.Options.Integer("dim"), c.Options.Flag("keepdim", false)) },
        { "argmin", c => c["x"].ArgMin(c.Options.Integer("dim"), c.Options.Flag("keepdim", false)) },
        { "mean", c => c["x"].Mean(Axes(c), KeepDims(c)) },
        { "prod", c => c["x"].Product([c.Options.Integer("dim")], KeepDims(c)) },
        { "std", c => Variance(c).Sqrt() },
        { "sum", c => c["x"].Sum(Axes(c), KeepDims(c)) },
        { "var", Variance },
        { "var_biased", Variance },
    };

    private static Tensor Variance(ConformanceCase c) => c["x"].Variance(Axes(c), c.Options.Flag("unbiased") ? 1 : 0, KeepDims(c));

    /// <summary>None stand for all.</summary>
    private static int[] Axes(ConformanceCase c) => c.Options.IsNull("dim") ? [] : c.Options.Integers("dim");

    private static bool KeepDims(ConformanceCase c) => c.Options.Flag("keepdim");
}
