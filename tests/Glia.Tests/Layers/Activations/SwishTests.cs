namespace Glia.Tests.Layers.Activations;

public class SwishTests
{
    [Theory]
    [InlineData(1000.3)]
    [InlineData(123456.7)]
    [InlineData(1e30)]
    public void LargeInput_HasDerivativeOne(double value)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            var x = Tensor.From([value, -value]).To(dtype);
            x.RequiresGrad = true;

            x.Swish().Sum().Backward();

            Assert.Equal([1, 0], x.Grad!.To(DType.Float64).ToArray<double>());
        }
    }
}
