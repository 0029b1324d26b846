using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Normalizations
{
    public static OperationTable Table { get; } = new()
    {
        { "batch_norm1d", BatchNormalize },
        { "batch_norm2d", BatchNormalize },
        { "dropout", Drop },
        { "group_norm", c => c.Load(new GroupNorm(c.Options.Integer("num_groups"), c["x"].Shape[1], Epsilon(c), c.Options.Flag("affine"), c.DType)).Forward(c["x"]) },
        { "instance_norm", c => c.Load(new InstanceNorm(c["x"].Shape[1], Epsilon(c), affine: c.Parameters.Any(), c.DType)).Forward(c["x"]) },
        { "layer_norm", c => c.Load(new LayerNorm(c.Options.Integers("normalized_shape"), Epsilon(c), c.Options.Flag("elementwise_affine"), c.DType)).Forward(c["x"]) },
    };

    private static double Epsilon(ConformanceCase c) => c.Options.Number("eps");

    private static Tensor BatchNormalize(ConformanceCase c)
    {
        var layer = c.Load(new BatchNorm(c.Options.Integer("num_features"), 1 - c.Options.Number("momentum"), Epsilon(c), c.DType));
        if (!c.Options.Flag("affine"))
            layer.Weight.RequiresGrad = layer.Bias.RequiresGrad = false;
        return layer.Forward(c["x"], ContextOf(c));
    }

    private static Tensor Drop(ConformanceCase c)
    {
        var (probability, context) = (c.Options.Number("p"), ContextOf(c));
        UnsupportedException.ThrowIf(context.IsTraining && probability > 0, "values of a random dropout");
        return new Dropout(probability).Forward(c["x"], context);
    }

    private static ForwardContext ContextOf(ConformanceCase c) =>
        c.Options.Flag("training") ? ForwardContext.Training(new Rng(1)) : ForwardContext.Inference;
}
