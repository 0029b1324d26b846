namespace Glia.Conformance.Operations;

internal static class Activations
{
    public static OperationTable Table { get; } = new()
    {
        { "celu", c => CELU(c["x"], c.Options.Number("alpha", 1)) },
        { "elu", c => c["x"].ELU(c.Options.Number("alpha", 1)) },
        { "gelu", c => c["x"].GELU(c.Options.Text("approximate", "none") == "tanh") },
        { "glu", c => c["x"].GLU(Axis(c)) },
        { "hardshrink", c => Shrunk(c, hard: true) },
        { "hardsigmoid", c => c["x"].HardSigmoid() },
        { "hardswish", c => c["x"].HardSwish() },
        { "hardtanh", c => c["x"].HardTanh(c.Options.Number("min_val", -1), c.Options.Number("max_val", 1)) },
        { "leaky_relu", c => c["x"].LeakyReLU(c.Options.Number("negative_slope", 0.01)) },
        { "log_softmax", c => c["x"].LogSoftmax(Axis(c)) },
        { "logsigmoid", c => c["x"].LogSigmoid() },
        { "mish", c => c["x"].Mish() },
        { "prelu", PReLU },
        { "relu", c => c["x"].ReLU() },
        { "relu6", c => c["x"].ReLU6() },
        { "selu", c => c["x"].SELU() },
        { "sigmoid", c => c["x"].Sigmoid() },
        { "silu", c => c["x"].Swish() },
        { "softmax", c => c["x"].Softmax(Axis(c)) },
        { "softmin", c => (-c["x"]).Softmax(Axis(c)) },
        { "softplus", Softplus },
        { "softshrink", c => Shrunk(c, hard: false) },
        { "softsign", c => c["x"].Softsign() },
        { "tanh", c => c["x"].Tanh() },
        { "tanhshrink", c => c["x"] - c["x"].Tanh() },
    };

    private static int Axis(ConformanceCase c) => c.Options.Integer("dim", -1);

    private static Tensor CELU(Tensor x, double alpha) => (x / alpha).ELU() * alpha;

    private static Tensor Softplus(ConformanceCase c)
    {
        // The reference has no linear part, so that its threshold means nothing.
        c.Options.FollowFromShapes("threshold");
        var beta = c.Options.Number("beta", 1);
        return beta == 1 ? c["x"].Softplus() : (c["x"] * beta).Softplus() / beta;
    }

    private static Tensor Shrunk(ConformanceCase c, bool hard)
    {
        var (x, limit) = (c["x"], c.Options.Number("lambd", 0.5));
        var inside = x.Clamp(-limit, limit);
        return hard ? Tensor.Where(Tensor.Greater(x.Abs(), Tensor.Full(x.Shape, limit, x.DType)), x, Tensor.Zeros(x.Shape, x.DType)) : x - inside;
    }

    private static Tensor PReLU(ConformanceCase c)
    {
        c.Options.FollowFromShapes("num_parameters");
        return Tensor.PReLU(c["x"], c["weight"]);
    }
}
