using Glia.Layers;

namespace Glia.Tests;

public class DeviceTests
{
    [Fact]
    public void Winograd_False_GivesDirectSums()
    {
        var layer = new Conv2D(16, 16, kernelSize: 3, new() { Padding = 1 });
        var x = Tensor.Normal(new Rng(1), (2, 16, 12, 12));
        Assert.True(Device.Winograd);
        var fast = layer.Forward(x).ToArray<float>();
        try
        {
            Device.Winograd = false;
            Assert.False(Device.Winograd);
            var direct = layer.Forward(x).ToArray<float>();
            Assert.NotEqual(direct, fast);
            for (var i = 0; i < fast.Length; i++)
                Assert.Equal(direct[i], fast[i], 1e-5f);
        }
        finally
        {
            Device.Winograd = true;
        }
    }
}
