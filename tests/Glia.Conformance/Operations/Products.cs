using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Products
{
    public static OperationTable Table { get; } = new()
    {
        { "linear", Linear },
        { "matmul", c => c["a"].MatMul(c["b"]) },
    };

    private static Tensor Linear(ConformanceCase c)
    {
        c.Options.FollowFromShapes("in_features", "out_features", "bias");
        var weight = c["weight"].Shape;
        return c.Load(new Dense(weight[1], weight[0], c.Has("param.bias"), c.DType)).Forward(c["x"]);
    }
}
