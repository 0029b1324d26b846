namespace Glia.Conformance.Operations;

/// <summary>Functions of one tensor by the names that descriptions of networks use.</summary>
internal static class NamedFunctions
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["elu"] = y => y.ELU(),
        ["exp"] = y => y.Exp(),
        ["gelu"] = y => y.GELU(),
        ["hardsigmoid"] = y => y.HardSigmoid(),
        ["hardswish"] = y => y.HardSwish(),
        ["hardtanh"] = y => y.HardTanh(),
        ["leaky_relu"] = y => y.LeakyReLU(),
        ["log_softmax"] = y => y.LogSoftmax(),
        ["logsigmoid"] = y => y.LogSigmoid(),
        ["mish"] = y => y.Mish(),
        ["relu"] = y => y.ReLU(),
        ["relu6"] = y => y.ReLU6(),
        ["selu"] = y => y.SELU(),
        ["sigmoid"] = y => y.Sigmoid(),
        ["silu"] = y => y.Swish(),
        ["sin"] = y => y.Sin(),
        ["softmax"] = y => y.Softmax(),
        ["softplus"] = y => y.Softplus(),
        ["softsign"] = y => y.Softsign(),
        ["square"] = y => y.Square(),
        ["swish"] = y => y.Swish(),
        ["tanh"] = y => y.Tanh(),
    };

    private static readonly Dictionary<string, Loss> Losses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["binary cross entropy with logits"] = Loss.BinaryCrossEntropy,
        ["cross entropy"] = Loss.CrossEntropy,
        ["huber"] = Loss.Huber,
        ["mean absolute error"] = Loss.MeanAbsoluteError,
        ["mean squared error"] = Loss.MeanSquaredError,
        ["mse"] = Loss.MeanSquaredError,
        ["smooth l1"] = Loss.SmoothL1,
    };

    public static Func<Tensor, Tensor>? Find(string name) => Functions.GetValueOrDefault(name);

    /// <summary>A mean loss by its name, with or without a remark that it is the mean.</summary>
    public static Loss FindLoss(string text)
    {
        var name = text.Replace(" over all elements", "", StringComparison.Ordinal).Replace(" (mean)", "", StringComparison.Ordinal).Replace("-", " ", StringComparison.Ordinal);
        return Losses.GetValueOrDefault(name) ?? throw new UnsupportedException($"unsupported: loss '{text}'");
    }
}
