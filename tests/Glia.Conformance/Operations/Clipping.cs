using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Conformance.Operations;

internal static class Clipping
{
    public static OperationTable Table { get; } = new()
    {
        { "clip_grad_norm", ByNorm },
        { "clip_grad_value", ByValue },
    };

    private static Results ByNorm(ConformanceCase c)
    {
        UnsupportedException.ThrowIf(c.Options.Number("eps", 1e-6) != 1e-6, "clipping with another epsilon");
        var parameters = WithGradients(c);
        var norm = GradientClipping.ByNorm(parameters.Values, c.Options.Number("max_norm"), c.Options.Number("norm_type", 2), c.Options.Flag("error_if_nonfinite", false));
        var results = GradientsOf(parameters);
        results["out.total_norm"] = Tensor.Scalar(norm, c.DType);
        return results;
    }

    private static Results ByValue(ConformanceCase c)
    {
        var parameters = WithGradients(c);
        GradientClipping.ByValue(parameters.Values, c.Options.Number("clip_value"));
        return GradientsOf(parameters);
    }

    private static SortedDictionary<string, Parameter> WithGradients(ConformanceCase c)
    {
        var parameters = new SortedDictionary<string, Parameter>(StringComparer.Ordinal);
        foreach (var name in c.Inputs)
        {
            parameters[name] = new Parameter(c[name].Shape, c.DType);
            parameters[name].Backward(c[name]);
        }
        return parameters;
    }

    private static Results GradientsOf(SortedDictionary<string, Parameter> parameters)
    {
        var results = new Results();
        foreach (var (name, parameter) in parameters)
            results["out." + name] = parameter.Grad!;
        return results;
    }
}
