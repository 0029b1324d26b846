using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Normalizations
{
    public static OperationTable Table { get; } = new()
    {
        { "batch_norm1d", BatchNormalize },
        { "batch_norm2d", BatchNormalize },
        { "batch_norm3d", BatchNormalize },
        { "dropout", Drop },
        { "group_norm", NormalizeGroups },
        { "instance_norm", NormalizeInstances },
        { "layer_norm", NormalizeRows },
    };

    private static double Epsilon(ConformanceCase c) => c.Options.Number("eps", 1e-5);

    private static bool IsAffine(ConformanceCase c)
    {
        c.Options.FollowFromShapes("affine", "elementwise_affine", "bias", "num_features", "num_channels");
        return c.Parameters.Any();
    }

    private static Tensor BatchNormalize(ConformanceCase c)
    {
        var isTraining = c.Options.Flag("training", true);
        // Without running statistics those of the batch serve always.
        var tracks = c.Options.Flag("track_running_stats", true) && c.Has("state.running_mean");
        var layer = c.Load(new BatchNorm(c["x"].Shape[1], 1 - c.Options.Number("momentum", 0.1), Epsilon(c), c.DType));
        if (!IsAffine(c))
            layer.Weight.RequiresGrad = layer.Bias.RequiresGrad = false;
        if (c.GivenOrNull("state.num_batches_tracked") is { } batches)
            c.Set("num_batches_tracked", isTraining ? Tensor.From([batches.ToArray<long>()[0] + 1], batches.Shape) : batches);
        return layer.Forward(c["x"], isTraining || !tracks ? ForwardContext.Training(new Rng(1)) : ForwardContext.Inference);
    }

    private static Tensor NormalizeGroups(ConformanceCase c) =>
        c.Load(new GroupNorm(c.Options.Integer("num_groups"), c["x"].Shape[1], Epsilon(c), IsAffine(c), c.DType)).Forward(c["x"]);

    private static Tensor NormalizeInstances(ConformanceCase c)
    {
        UnsupportedException.ThrowIf(c.Options.Flag("track_running_stats", false), "instance normalisation with running statistics");
        c.Options.FollowFromShapes("momentum", "use_input_stats", "training");
        return c.Load(new InstanceNorm(c["x"].Shape[1], Epsilon(c), IsAffine(c), c.DType)).Forward(c["x"]);
    }

    private static Tensor NormalizeRows(ConformanceCase c)
    {
        var isAffine = IsAffine(c);
        var shape = c.Options.IsMissing("normalized_shape") && isAffine ? c["weight"].Shape : new Shape(c.Options.Integers("normalized_shape"));
        return c.Load(new LayerNorm(shape, Epsilon(c), isAffine, c.DType)).Forward(c["x"]);
    }

    private static Tensor Drop(ConformanceCase c)
    {
        var (probability, isTraining) = (c.Options.Number("p", 0.5), c.Options.Flag("training", true));
        UnsupportedException.ThrowIf(isTraining && probability > 0, "values of a random dropout");
        return new Dropout(probability).Forward(c["x"], isTraining ? ForwardContext.Training(new Rng(1)) : ForwardContext.Inference);
    }
}
