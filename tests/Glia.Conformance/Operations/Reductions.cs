namespace Glia.Conformance.Operations;

internal static class Reductions
{
    public static OperationTable Table { get; } = new()
    {
        { "amax", c => c["x"].Max(Axes(c), KeepDims(c)) },
        { "amin", c => c["x"].Min(Axes(c), KeepDims(c)) },
        { "argmax", c => Place(c, (x, axis, keep) => x.ArgMax(axis, keep)) },
        { "argmin", c => Place(c, (x, axis, keep) => x.ArgMin(axis, keep)) },
        { "cumsum", c => c["x"].CumulativeSum(c.Options.Integer("dim")) },
        { "logsumexp", c => c["x"].LogSumExp(Axes(c), KeepDims(c)) },
        { "max_dim", c => Extreme(c["x"].MaxAlong(c.Options.Integer("dim"), KeepDims(c))) },
        { "mean", c => c["x"].Mean(Axes(c), KeepDims(c)) },
        { "min_dim", c => Extreme(c["x"].MinAlong(c.Options.Integer("dim"), KeepDims(c))) },
        { "norm", Norm },
        { "norm1", Norm },
        { "norm3", Norm },
        { "norm_inf", Norm },
        { "prod", c => c["x"].Product(Axes(c), KeepDims(c)) },
        { "std", c => c["x"].StandardDeviation(Axes(c), Correction(c, 1), KeepDims(c)) },
        { "std_biased", c => c["x"].StandardDeviation(Axes(c), Correction(c, 0), KeepDims(c)) },
        { "sum", c => c["x"].Sum(Axes(c), KeepDims(c)) },
        { "var", c => c["x"].Variance(Axes(c), Correction(c, 1), KeepDims(c)) },
        { "var_biased", c => c["x"].Variance(Axes(c), Correction(c, 0), KeepDims(c)) },
    };

    /// <summary>The order by the option, else by the operation's name: <c>norm4</c>, <c>norm1.5</c>, <c>norm_inf</c>.</summary>
    public static Tensor Norm(ConformanceCase c)
    {
        var name = c.Operation["norm".Length..].TrimStart('_');
        var named = name switch
        {
            "" => 2,
            "inf" => double.PositiveInfinity,
            _ => double.Parse(name, System.Globalization.CultureInfo.InvariantCulture),
        };
        return c["x"].Norm(Axes(c), c.Options.Number("p", named), KeepDims(c));
    }

    private static Outputs Extreme((Tensor Values, Tensor Indices) extreme) => new() { ["values"] = extreme.Values, ["indices"] = extreme.Indices };

    /// <summary>Without an axis, the place among all elements.</summary>
    private static Tensor Place(ConformanceCase c, Func<Tensor, int, bool, Tensor> find)
    {
        var x = c["x"];
        if (!c.Options.IsMissing("dim"))
            return find(x, c.Options.Integer("dim"), KeepDims(c));
        var place = find(x.Reshape(x.Count), 0, false);
        return KeepDims(c) ? place.Reshape(new Shape([.. Enumerable.Repeat(1, x.Rank)])) : place;
    }

    /// <summary>None stand for all.</summary>
    private static int[] Axes(ConformanceCase c) => c.Options.Integers("dim", []);

    private static int Correction(ConformanceCase c, int usual) => c.Options.Integer("correction", c.Options.Flag("unbiased", usual != 0) ? 1 : 0);

    private static bool KeepDims(ConformanceCase c) => c.Options.Flag("keepdim", false);
}
