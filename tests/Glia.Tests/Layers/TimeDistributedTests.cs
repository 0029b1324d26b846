using Glia.Layers;

namespace Glia.Tests.Layers;

public class TimeDistributedTests
{
    [Fact]
    public void EachStep_GoesThroughTheLayerByItself()
    {
        var model = Network.Input(3, 1, 6, 6).TimeDistributed(b => b.Conv2D(2, 3).ReLU().Flatten()).Build(seed: 1);
        Assert.Equal((3, 32), model.ResultShape);
        Assert.Equal(["timedistributed1.layer.conv2d1.bias", "timedistributed1.layer.conv2d1.weight"], model.StateDict().Keys);
        var x = Numbers.Normal(new Shape(2, 3, 1, 6, 6), 1, DType.Float32);
        var inner = ((TimeDistributed)model.Layers[0]).Layer;
        for (var t = 0; t < 3; t++)
            Numbers.Close(inner.Forward(x.Slice(1, t, 1).Reshape(2, 1, 6, 6)), model.Predict(x).Slice(1, t, 1).Reshape(2, 32), 1e-6, 1e-6);
    }

    [Fact]
    public void Lengths_StayOutside()
    {
        var model = new TimeDistributed(new MultiHeadAttention(4, 2, dtype: DType.Float64));
        var x = Numbers.Normal((2, 3, 5, 4), 1);
        Numbers.SameBits(model.Forward(x), model.Forward(x, ForwardContext.Inference.WithLengths(Tensor.From<long>([1, 2]))));
    }

    [Fact]
    public void StepsOfAnotherShape_AreNamed() => Assert.Equal(
        "TimeDistributed expects steps of shape (4,) but got input (3, 5).",
        Assert.Throws<ShapeException>(() => new TimeDistributed(Network.Input(4).Dense(2).Build()).OutputShape((3, 5))).Message);
}
