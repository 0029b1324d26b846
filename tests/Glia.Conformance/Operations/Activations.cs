namespace Glia.Conformance.Operations;

internal static class Activations
{
    public static OperationTable Table { get; } = new()
    {
        { "leaky_relu", c => c["x"].LeakyReLU(c.Options.Number("negative_slope")) },
        { "log_softmax", c => c["x"].LogSoftmax(c.Options.Integer("dim")) },
        { "relu", c => c["x"].ReLU() },
        { "sigmoid", c => c["x"].Sigmoid() },
        { "silu", c => c["x"].Swish() },
        { "softmax", c => c["x"].Softmax(c.Options.Integer("dim")) },
        { "softplus", c => c["x"].Softplus() },
        { "tanh", c => c["x"].Tanh() },
    };
}
