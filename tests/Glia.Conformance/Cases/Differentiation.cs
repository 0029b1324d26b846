namespace Glia.Conformance;

/// <summary>Feeds the upstream gradients of a case to the backward pass and collects what the case expects back.</summary>
internal static class Differentiation
{
    public static Results Of(ConformanceCase c, Outputs outputs)
    {
        var results = new Results();
        // Without any upstream gradient the results themselves are meant, each element with weight 1.
        var isWeighted = outputs.Keys.Any(name => c.Has("grad_out." + name));
        foreach (var (name, y) in outputs)
        {
            results["out." + name] = y;
            var dy = isWeighted ? c.GivenOrNull("grad_out." + name) : Tensor.Ones(y.Shape, y.DType);
            if (dy is not null && y.RequiresGrad)
                y.Backward(dy);
        }
        foreach (var name in c.ShortNames("grad."))
            results["grad." + name] = c[name].Grad ?? Tensor.Zeros(c[name].Shape, c.DType);
        foreach (var name in c.ShortNames("after."))
            results["after." + name] = c[name];
        return results;
    }
}
