namespace Glia.Conformance.Operations;

internal static class Reductions
{
    public static OperationTable Table { get; } = new()
    {
        { "amax", c => c["x"].Max(Axes(c), KeepDims(c)) },
        { "amin", c => c["x"].Min(Axes(c), KeepDims(c)) },
        { "argmax", c => c["x"].ArgMax(c.Options.Integer("dim"), c.Options.Flag("keepdim", false)) },
        { "argmin", c => c["x"].ArgMin(c.Options.Integer("dim"), c.Options.Flag("keepdim", false)) },
        { "cumsum", c => c["x"].CumulativeSum(c.Options.Integer("dim")) },
        { "logsumexp", c => c["x"].LogSumExp(Axes(c), KeepDims(c)) },
        { "max_dim", c => Extreme(c["x"].MaxAlong(c.Options.Integer("dim"), KeepDims(c))) },
        { "mean", c => c["x"].Mean(Axes(c), KeepDims(c)) },
        { "min_dim", c => Extreme(c["x"].MinAlong(c.Options.Integer("dim"), KeepDims(c))) },
        { "norm", Norm },
        { "norm1", Norm },
        { "norm3", Norm },
        { "prod", c => c["x"].Product([c.Options.Integer("dim")], KeepDims(c)) },
        { "std", c => c["x"].StandardDeviation(Axes(c), c.Options.Flag("unbiased") ? 1 : 0, KeepDims(c)) },
        { "sum", c => c["x"].Sum(Axes(c), KeepDims(c)) },
        { "var", Variance },
        { "var_biased", Variance },
    };

    private static Outputs Extreme((Tensor Values, Tensor Indices) extreme) => new() { ["values"] = extreme.Values, ["indices"] = extreme.Indices };

    private static Tensor Norm(ConformanceCase c) => c["x"].Norm(Axes(c), c.Options.Number("p"), KeepDims(c));

    private static Tensor Variance(ConformanceCase c) => c["x"].Variance(Axes(c), c.Options.Flag("unbiased") ? 1 : 0, KeepDims(c));

    /// <summary>None stand for all.</summary>
    private static int[] Axes(ConformanceCase c) => c.Options.IsNull("dim") ? [] : c.Options.Integers("dim");

    private static bool KeepDims(ConformanceCase c) => c.Options.Flag("keepdim");
}
