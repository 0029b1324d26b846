using Glia.Layers;

namespace Glia.Tests.Autograd;

public class AutogradTests
{
    private static Tensor Leaf(params double[] values)
    {
        var x = Tensor.From(values);
        x.RequiresGrad = true;
        return x;
    }

    [Fact]
    public void Backward_UsedTwice_AddsUp()
    {
        var x = Leaf(3);
        ((x * x) + (2 * x)).Backward();
        Assert.Equal([8], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Backward_Diamond_AddsBothPaths()
    {
        var x = Leaf(2);
        var a = x.Square();
        var b = a * 3;
        var c = a.Square();
        (b * c).Backward();
        // 3x⁶
        Assert.Equal([18 * 32], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Backward_TwiceOverOneGraph_AccumulatesUntilZeroGrad()
    {
        var x = Leaf(3);
        var y = x.Square();
        y.Backward();
        y.Backward();
        Assert.Equal([12], x.Grad!.ToDoubles());
        x.ZeroGrad();
        Assert.Null(x.Grad);
        y.Backward();
        Assert.Equal([6], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Backward_SameGradientTensorChangedBetween_IsReadAnew()
    {
        var layer = new Dense(1, 1, dtype: DType.Float64);
        var y = ActivationFunction.Of(new TanhFormula()).Dense(Tensor.From([1.0], (1, 1)), layer.Weight, layer.Bias);
        var dy = Tensor.From([1.0], (1, 1));
        y.Backward(dy);
        var first = layer.Bias!.Grad!.Item();
        dy.AsWritableSpan<double>()[0] = 2;
        y.Backward(dy);
        Assert.Equal(3 * first, layer.Bias.Grad!.Item(), 1e-12);
    }

    [Fact]
    public void Backward_GivenGradient_IsTheUpstreamOne()
    {
        var x = Leaf(1, 2);
        x.Square().Backward(Tensor.From([10.0, 100]));
        Assert.Equal([20, 400], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Backward_WithoutSense_SaysWhy()
    {
        Assert.Equal(
            "Backward() without a gradient needs a single number but this tensor has shape (2,). Reduce it first, for example with Mean(), or pass a gradient.",
            Assert.Throws<InvalidOperationException>(() => (Leaf(1, 2) * 2).Backward()).Message);
        Assert.Equal(
            "Backward() needs a tensor that depends on one with RequiresGrad = true. Was it computed under NoGrad(), or detached?",
            Assert.Throws<InvalidOperationException>(() => Tensor.Scalar(1).Backward()).Message);
        Assert.Equal("Backward() expects a gradient of shape (2,) but got (3,).", Assert.Throws<ShapeException>(() => (Leaf(1, 2) * 2).Backward(Tensor.Zeros(3, DType.Float64))).Message);
        Assert.Equal(
            "Backward() expects a gradient of Float64 but got Float32. Convert it with To(Float64) first.",
            Assert.Throws<ArgumentException>(() => (Leaf(1, 2) * 2).Backward(Tensor.Zeros(2))).Message);
    }

    [Fact]
    public void RequiresGrad_OnAResultOrWholeNumbers_Refused()
    {
        Assert.Equal(
            "RequiresGrad can be set on leaves only, but this tensor was computed by Exp. Call Detach() first.",
            Assert.Throws<InvalidOperationException>(() => Leaf(1).Exp().RequiresGrad = false).Message);
        Assert.Equal(
            "Only floating-point tensors have gradients, but this one holds Int64.", Assert.Throws<InvalidOperationException>(() => Tensor.Arange(3, DType.Int64).RequiresGrad = true).Message);
    }

    [Fact]
    public void Detach_StopsTheGradient_SharesTheMemory()
    {
        var x = Leaf(3);
        var y = x.Square().Detach();
        Assert.False(y.RequiresGrad);
        (y * x).Backward();
        Assert.Equal([9], x.Grad!.ToDoubles());
    }

    [Fact]
    public void NoGrad_RecordsNothing_AndNests()
    {
        var x = Leaf(3);
        using (Gradients.NoGrad())
        {
            using (Gradients.NoGrad())
                Assert.False(Gradients.AreRecorded);
            Assert.False(Gradients.AreRecorded);
            var y = x.Square();
            Assert.True(y.IsLeaf && !y.RequiresGrad);
        }
        Assert.True(Gradients.AreRecorded && x.Square().RequiresGrad);
    }

    [Fact]
    public void RetainGrad_KeepsTheGradientOfAResult()
    {
        var x = Leaf(3);
        var (kept, other) = (x.Square(), x.Exp());
        kept.RetainGrad();
        (kept * 5 + other).Backward();
        Assert.Equal([5], kept.Grad!.ToDoubles());
        Assert.Null(other.Grad);
    }

    [Fact]
    public void Backward_ChainOfTenThousand_NeedsNoStack()
    {
        var x = Leaf(1);
        var y = x;
        for (var i = 0; i < 10_000; i++)
            y += 1;
        y.Backward();
        Assert.Equal([1], x.Grad!.ToDoubles());
    }

    [Fact]
    public void CreateGraph_GradientOfGradient()
    {
        var x = Leaf(2);
        x.Square().Square().Backward(createGraph: true);
        var first = x.Grad!;
        Assert.Equal([32], first.ToDoubles());
        x.ZeroGrad();
        first.Backward();
        // 12x²
        Assert.Equal([48], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Gradients_ThirdOrder_OfSine()
    {
        var x = Leaf(0.7);
        var y = x.Sin();
        for (var order = 0; order < 3; order++)
            y = Gradients.Of(y, [x], createGraph: true)[0];
        Assert.Equal(-Math.Cos(0.7), y.Item(), 1e-12);
    }

    [Fact]
    public void Gradients_TargetsUpstreamOfEachOtherOrTwice_EachGetsItsTotal()
    {
        var x = Leaf(3);
        var middle = x.Square();
        var g = Gradients.Of(middle * 5, [x, middle, x]);
        Assert.Equal([30.0, 5, 30], g.Select(t => t.Item()));
    }

    [Fact]
    public void Gradients_OfWhatItDoesNotDependOn_AreZeros()
    {
        var (x, other) = (Leaf(3), Leaf(1, 2));
        Assert.Equal([0, 0], Gradients.Of(x.Square(), [other])[0].ToDoubles());
        Assert.Null(x.Grad);
    }

    [Fact]
    public void Threads_RecordAndDifferentiateIndependently()
    {
        var results = new double[4];
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                var x = Leaf(t + 1);
                (x * x * x).Backward();
                results[t] = x.Grad!.Item();
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal([3.0, 12, 27, 48], results);
    }

    [Fact]
    public void Where_BranchNotChosenIsInfinite_GradientStaysFinite()
    {
        var x = Leaf(0, 4);
        Tensor.Where(Tensor.Greater(x, Tensor.Zeros(2, DType.Float64)), x.Sqrt(), x * 2).Sum().Backward();
        Assert.Equal(0.25, x.Grad![1]);
    }
}
