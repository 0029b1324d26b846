namespace Glia.Conformance;

/// <summary>Feeds the upstream gradients of a case to the backward pass and collects what the case expects back.</summary>
internal static class Differentiation
{
    public static Results Of(ConformanceCase c, Outputs outputs)
    {
        var results = new Results();
        foreach (var (name, y) in outputs)
        {
            results["out." + name] = y;
            if (c.GivenOrNull("grad_out." + name) is { } dy && y.RequiresGrad)
                y.Backward(dy);
        }
        foreach (var name in c.ShortNames("grad."))
            results["grad." + name] = c[name].Grad ?? Tensor.Zeros(c[name].Shape, c.DType);
        foreach (var name in c.ShortNames("after."))
            results["after." + name] = c[name];
        return results;
    }
}
