using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Products
{
    public static OperationTable Table { get; } = new()
    {
        { "linear", c => c.Load(new Dense(c.Options.Integer("in_features"), c.Options.Integer("out_features"), c.Options.Flag("bias"), c.DType)).Forward(c["x"]) },
        { "matmul", c => c["a"].MatMul(c["b"]) },
    };
}
