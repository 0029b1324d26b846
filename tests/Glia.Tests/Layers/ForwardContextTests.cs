using Glia.Layers;

namespace Glia.Tests.Layers;

public class ForwardContextTests
{
    [Fact]
    public void WithLengths_IsACopy_OfTheSamePass()
    {
        var training = ForwardContext.Training(new Rng(3));
        var lengths = Tensor.From(new long[] { 1, 2 });
        var masked = training.WithLengths(lengths);
        Assert.Null(training.Lengths);
        Assert.Same(lengths, masked.Lengths);
        Assert.True(masked.IsTraining);
        Assert.False(ForwardContext.Inference.WithLengths(lengths).IsTraining);
        var layer = new Dropout(0.5);
        Assert.Equal(training.RngFor(layer).NextInt(1000), masked.RngFor(layer).NextInt(1000));
    }

    [Fact]
    public void WithLengths_NotOneNumberPerSample_Refused()
    {
        Assert.Equal(
            "ForwardContext expects one length for each sample, (batch,), but got (2, 1).",
            Assert.Throws<ShapeException>(() => ForwardContext.Inference.WithLengths(Tensor.Zeros((2, 1), DType.Int64))).Message);
        Assert.Equal(
            "ForwardContext expects lengths of type Int64 but got Int32. Convert them with To(DType.Int64).",
            Assert.Throws<ArgumentException>(() => ForwardContext.Inference.WithLengths(Tensor.Zeros(2, DType.Int32))).Message);
    }
}
