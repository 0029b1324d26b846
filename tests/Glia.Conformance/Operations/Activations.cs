namespace Glia.Conformance.Operations;

internal static class Activations
{
    public static OperationTable Table { get; } = new()
    {
        { "elu", c => c["x"].ELU(c.Options.Number("alpha")) },
        { "gelu", c => c["x"].GELU(c.Options.Text("approximate") == "tanh") },
        { "glu", c => c["x"].GLU(c.Options.Integer("dim")) },
        { "hardtanh", c => c["x"].HardTanh(c.Options.Number("min_val"), c.Options.Number("max_val")) },
        { "leaky_relu", c => c["x"].LeakyReLU(c.Options.Number("negative_slope")) },
        { "log_softmax", c => c["x"].LogSoftmax(c.Options.Integer("dim")) },
        { "logsigmoid", c => c["x"].LogSigmoid() },
        { "mish", c => c["x"].Mish() },
        { "prelu", PReLU },
        { "relu", c => c["x"].ReLU() },
        { "relu6", c => c["x"].ReLU6() },
        { "selu", c => c["x"].SELU() },
        { "sigmoid", c => c["x"].Sigmoid() },
        { "silu", c => c["x"].Swish() },
        { "softmax", c => c["x"].Softmax(c.Options.Integer("dim")) },
        { "softplus", c => c["x"].Softplus() },
        { "softsign", c => c["x"].Softsign() },
        { "tanh", c => c["x"].Tanh() },
    };

    private static Tensor PReLU(ConformanceCase c)
    {
        c.Options.FollowFromShapes("num_parameters");
        return Tensor.PReLU(c["x"], c["weight"]);
    }
}
