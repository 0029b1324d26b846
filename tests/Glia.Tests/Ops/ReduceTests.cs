namespace Glia.Tests.Ops;

public class ReduceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EqualExtremesOverAxesThatLieApart_ShareTheGradientEqually(bool smallest)
    {
        // Column 0 attains its extreme, 3, three times: twice in the first block, once in the second.
        var x = Tensor.From([3.0, 0, 3, 1, 3, 2, 0, 9], (2, 2, 2));
        x = smallest ? -x : x;
        x.RequiresGrad = true;

        var y = smallest ? x.Min([0, 1]) : x.Max([0, 1]);
        var apart = smallest ? x.Permute(0, 2, 1).Min([0, 2]) : x.Permute(0, 2, 1).Max([0, 2]);
        apart.Backward(Tensor.From([6.0, 1]));

        Assert.Equal(y.ToArray<double>(), apart.ToArray<double>());
        Assert.Equal([2, 0, 2, 0, 2, 0, 0, 1], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void MaximumOverAxesThatLieApart_KeepsTheirPlacesWhenAsked()
    {
        var x = Tensor.Arange(24, DType.Float64).Reshape(2, 3, 4);

        var y = x.Max([0, 2], keepDims: true);

        Assert.Equal(new Shape(1, 3, 1), y.Shape);
        Assert.Equal([15, 19, 23], y.ToArray<double>());
    }
}
