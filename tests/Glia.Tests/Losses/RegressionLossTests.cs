using Glia.Losses;

namespace Glia.Tests.Losses;

public class RegressionLossTests
{
    private static readonly Tensor Prediction = Tensor.From([0.0, 1, 3, -4]);
    private static readonly Tensor Target = Tensor.From([0.0, 0.5, 1, 0]);

    [Fact]
    public void Losses_FollowTheirFormulas()
    {
        Check(new MeanSquaredErrorLoss(LossReduction.None), 0, 0.25, 4, 16);
        Check(new MeanAbsoluteErrorLoss(LossReduction.None), 0, 0.5, 2, 4);
        Check(new HuberLoss(1, LossReduction.None), 0, 0.125, 1.5, 3.5);
        Check(new HuberLoss(2, LossReduction.None), 0, 0.125, 2, 6);
        Check(new SmoothL1Loss(2, LossReduction.None), 0, 0.0625, 1, 3);
        Check(new SmoothL1Loss(0, LossReduction.None), 0, 0.5, 2, 4);
    }

    [Fact]
    public void HugeErrors_DoNotOverflowHuber()
    {
        var x = Tensor.From([1e30f, -1e30f]);
        x.RequiresGrad = true;
        var loss = new HuberLoss(1, LossReduction.Sum).Compute(x, Tensor.Zeros(2));
        loss.Backward();
        Assert.Equal(2e30, loss.Item(), 1e25);
        Assert.Equal([1, -1], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Hinge_IsZeroBeyondTheMargin()
    {
        var loss = new HingeLoss(reduction: LossReduction.None).Compute(Tensor.From([2.0, 0.5, -1, -3]), Tensor.From([1.0, 1, 1, -1]));
        Assert.Equal([0, 0.5, 2, 0], loss.ToDoubles());
    }

    [Fact]
    public void HingeOfOtherTargets_IsRefusedWithTheFix()
    {
        var error = Assert.Throws<ArgumentException>(() => Loss.Hinge.Compute(Tensor.Zeros(2), Tensor.From([1f, 0])));
        Assert.Equal("The hinge loss expects targets −1 or 1 but target 1 is 0. Turn 0 and 1 into 2·y − 1.", error.Message);
    }

    [Fact]
    public void Cosine_DependsOnDirectionsOnly()
    {
        var loss = new CosineSimilarityLoss(reduction: LossReduction.None);
        var a = Tensor.From([1.0, 0, 3, 4, 1, 1], (3, 2));
        var b = Tensor.From([0.0, 2, 6, 8, -5, -5], (3, 2));
        Numbers.Close(Tensor.From([1.0, 0, 2]), loss.Compute(a, b), 0, 1e-12);
    }

    [Fact]
    public void CosineOfAZeroVector_IsZeroWithoutNaN()
    {
        var a = Tensor.Zeros((1, 3), DType.Float64);
        a.RequiresGrad = true;
        var y = CosineSimilarityLoss.Similarity(a, Tensor.Ones((1, 3), DType.Float64));
        y.Sum().Backward();
        Assert.Equal(0, y.Item());
        Assert.All(a.Grad!.ToDoubles(), g => Assert.True(double.IsFinite(g)));
    }

    [Fact]
    public void SettingsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HuberLoss(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SmoothL1Loss(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HingeLoss(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSimilarityLoss(epsilon: 0));
    }

    private static void Check(Loss loss, params double[] expected) => Assert.Equal(expected, loss.Compute(Prediction, Target).ToDoubles());
}
