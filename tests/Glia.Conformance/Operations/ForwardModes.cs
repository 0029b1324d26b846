using Glia.Autograd;

namespace Glia.Conformance.Operations;

internal static class ForwardModes
{
    public static OperationTable Table { get; } = new()
    {
        { "jvp_conv", JacobianVectorProduct },
        { "jvp_lstm", JacobianVectorProduct },
        { "jvp_mlp", JacobianVectorProduct },
    };

    public static Results JacobianVectorProduct(ConformanceCase c)
    {
        var function = new DescribedFunction(c.Options.Text("network"));
        string[] names = [.. c.Inputs, .. c.Parameters];
        var (y, tangent) = ForwardMode.JacobianVectorProduct(
            duals => function.Compute(names.Zip(duals).ToDictionary(p => p.First, p => p.Second)),
            Array.ConvertAll(names, name => c[name]),
            Array.ConvertAll(names, name => c.GivenOrNull("tangent." + name)));
        return new() { ["out.y"] = y, ["tangent_out.y"] = tangent };
    }
}
