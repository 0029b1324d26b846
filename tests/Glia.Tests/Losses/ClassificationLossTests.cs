using Glia.Losses;

namespace Glia.Tests.Losses;

public class ClassificationLossTests
{
    [Fact]
    public void UniformLogits_CostTheLogarithmOfTheClasses() =>
        Assert.Equal(Math.Log(7), Loss.CrossEntropy.Compute(Tensor.Zeros((3, 7), DType.Float64), Tensor.From<long>([0, 3, 6])).Item(), 12);

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void HugeLogits_GiveFiniteLossesAndGradients(DType dtype)
    {
        Loss[] losses =
        [
            Loss.CrossEntropy, new CrossEntropyLoss(labelSmoothing: 0.1), new CrossEntropyLoss(Tensor.From([1.0, 2])),
        ];
        foreach (var loss in losses)
        {
            var x = Leaf([1e4, -1e4, -1e4, 1e4], (2, 2), dtype);
            var y = loss.Compute(x, Tensor.From<long>([0, 0]));
            y.Backward();
            Assert.InRange(y.Item(), 1e3, 1e5);
            Assert.All(x.Grad!.ToDoubles(), g => Assert.True(double.IsFinite(g)));
        }
        var logits = Leaf([1e4, -1e4, 1e4, -1e4], (4, 1), dtype);
        var binary = new BinaryCrossEntropyLoss(reduction: LossReduction.None).Compute(logits, Tensor.From([1.0, 0, 0, 1], (4, 1)).To(dtype));
        Assert.Equal([0, 0, 1e4, 1e4], binary.ToDoubles());
        binary.Sum().Backward();
        Assert.Equal([0, 0, 1, -1], logits.Grad!.ToDoubles());
    }

    [Fact]
    public void ConfidentAndRight_KeepsTheTinyBinaryLoss() =>
        Assert.Equal(Math.Exp(-60), new BinaryCrossEntropyLoss().Compute(Tensor.From([60.0]), Tensor.From([1.0])).Item(), 1e-30);

    [Fact]
    public void LabelSmoothing_MixesWithTheUniformDistribution()
    {
        var x = Numbers.Normal((2, 4), 1);
        var q = Tensor.From([0.925, 0.025, 0.025, 0.025, 0.025, 0.025, 0.925, 0.025], (2, 4));
        Assert.Equal(
            Loss.CrossEntropy.Compute(x, q).Item(), new CrossEntropyLoss(labelSmoothing: 0.1).Compute(x, Tensor.From<long>([0, 2])).Item(), 12);
    }

    [Fact]
    public void ClassWeights_DivideTheMeanByTheirSum()
    {
        var x = Numbers.Normal((3, 2), 1);
        var each = new CrossEntropyLoss(reduction: LossReduction.None).Compute(x, Tensor.From<long>([0, 1, 1])).ToDoubles();
        var weighted = new CrossEntropyLoss(Tensor.From([3.0, 0.5])).Compute(x, Tensor.From<long>([0, 1, 1])).Item();
        Assert.Equal(((3 * each[0]) + (0.5 * (each[1] + each[2]))) / 4, weighted, 12);
    }

    [Fact]
    public void OnlyIgnoredTargets_GiveZero()
    {
        var x = Leaf([1, 2, 3, 4], (2, 2), DType.Float64);
        var loss = Loss.CrossEntropy.Compute(x, Tensor.From<long>([-100, -100]));
        loss.Backward();
        Assert.Equal(0, loss.Item());
        Assert.Equal([0, 0, 0, 0], x.Grad!.ToDoubles());
    }

    [Fact]
    public void NegativeLogLikelihoodOfLogSoftmax_IsCrossEntropy()
    {
        var x = Numbers.Normal((5, 3, 2), 1);
        var t = Tensor.From<long>([0, 2, 1, 1, 0, 0, 2, 1, -100, 2], (5, 2));
        Assert.Equal(Loss.CrossEntropy.Compute(x, t).Item(), Loss.NegativeLogLikelihood.Compute(x.LogSoftmax(1), t).Item(), 12);
    }

    [Fact]
    public void ClassesAlongTheLastAxis_CostTheSameAsAlongTheSecond()
    {
        var x = Numbers.Normal((5, 2, 3), 1);
        var t = Tensor.From<long>([0, 2, 1, 1, 0, 0, 2, 1, -100, 2], (5, 2));
        Assert.Equal(Loss.CrossEntropy.Compute(x.Transpose(1, 2), t).Item(), new CrossEntropyLoss(classAxis: -1).Compute(x, t).Item(), 12);
        var q = Numbers.Normal((5, 2, 3), 2).Softmax();
        Assert.Equal(
            new CrossEntropyLoss(labelSmoothing: 0.1).Compute(x.Transpose(1, 2), q.Transpose(1, 2)).Item(),
            new CrossEntropyLoss(labelSmoothing: 0.1, classAxis: 2).Compute(x, q).Item(), 12);
        Assert.Equal(
            Loss.NegativeLogLikelihood.Compute(x.LogSoftmax().Transpose(1, 2), t).Item(),
            new NegativeLogLikelihoodLoss(classAxis: -1).Compute(x.LogSoftmax(), t).Item(), 12);
    }

    [Fact]
    public void ClassAxis_ThatDoesNotFit_IsNamedWithTheFix()
    {
        Assert.Equal(
            "cross-entropy expects class indices (4, 3) for predictions (4, 5, 3) but got (4, 5). If the classes lie along the last axis, as in (batch, time, classes), make the loss with classAxis: -1.",
            Assert.Throws<ShapeException>(() => Loss.CrossEntropy.Compute(Tensor.Zeros((4, 5, 3)), Tensor.Zeros((4, 5), DType.Int64))).Message);
        Assert.Equal(
            "cross-entropy expects predictions with a batch and classes along axis 2 but got (4, 3).",
            Assert.Throws<ShapeException>(() => new CrossEntropyLoss(classAxis: 2).Compute(Tensor.Zeros((4, 3)), Tensor.Zeros(4, DType.Int64))).Message);
        Assert.StartsWith(
            "The class axis must not be 0, the batch. Take 1 for (batch, classes, …), or -1 for (batch, …, classes).",
            Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropyLoss(classAxis: 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImpossibleClasses_DoNotDisturbTheOthers()
    {
        var x = Leaf([0, double.NegativeInfinity, double.NegativeInfinity, 0], (2, 2), DType.Float64);
        var loss = Loss.NegativeLogLikelihood.Compute(x, Tensor.From<long>([0, 1]));
        loss.Backward();
        Assert.Equal(0, loss.Item());
        Assert.Equal([-0.5, 0, 0, -0.5], x.Grad!.ToDoubles());
    }

    [Fact]
    public void ProbabilitiesZeroAndOne_CostAtMostAHundred()
    {
        var x = Leaf([0, 1, 0, 1], 4, DType.Float64);
        var loss = new BinaryCrossEntropyLoss(fromLogits: false, reduction: LossReduction.None).Compute(x, Tensor.From([0.0, 1, 1, 0]));
        Assert.Equal([0, 0, 100, 100], loss.ToDoubles());
        loss.Sum().Backward();
        Assert.All(x.Grad!.ToDoubles(), g => Assert.True(double.IsFinite(g)));
    }

    [Fact]
    public void NotANumber_IsNotHidden()
    {
        var x = Tensor.From([double.NaN, 0.5]);
        Assert.True(double.IsNaN(new BinaryCrossEntropyLoss(fromLogits: false).Compute(x, Tensor.From([0.0, 1])).Item()));
        Assert.True(double.IsNaN(Loss.Huber.Compute(x, Tensor.From([0.0, 1])).Item()));
    }

    [Fact]
    public void DivergenceOfEqualDistributions_IsZero_AndOfOthersPositive()
    {
        var q = Numbers.Normal((4, 5), 2).Softmax();
        Assert.Equal(0, Loss.KLDivergence.Compute(q.Log(), q).Item(), 12);
        Assert.True(Loss.KLDivergence.Compute(Numbers.Normal((4, 5), 3).LogSoftmax(), q).Item() > 0.01);
        Assert.Equal(
            Loss.KLDivergence.Compute(Numbers.Normal((4, 5), 3).LogSoftmax(), q).Item(),
            new KLDivergenceLoss(logTarget: true).Compute(Numbers.Normal((4, 5), 3).LogSoftmax(), q.Log()).Item(),
            12);
    }

    [Fact]
    public void BalancedWeights_MakeEveryClassCountTheSame()
    {
        var labels = Tensor.From<long>([0, 0, 0, 0, 0, 0, 2, 2]);
        Assert.Equal([8 / 12.0, 0, 2], ClassWeights.Balanced(labels, 3).ToDoubles(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal("ClassWeights.Balanced expects labels from 0 to 1 but got 2.", Assert.Throws<ArgumentException>(() => ClassWeights.Balanced(labels, 2)).Message);
        Assert.Throws<ArgumentException>(() => ClassWeights.Balanced(Tensor.Zeros(0, DType.Int64), 2));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void ClassOutOfRange_IsNamed(long label)
    {
        foreach (var loss in new[] { Loss.CrossEntropy, new CrossEntropyLoss(labelSmoothing: 0.1), Loss.NegativeLogLikelihood })
        {
            var error = Assert.Throws<ArgumentException>(() => loss.Compute(Tensor.Zeros((2, 3)), Tensor.From([0, label])));
            Assert.Equal($"The {loss.Name} expects class indices from 0 to 2 but target 1 is {label}. Does the model have one output per class?", error.Message);
        }
    }

    [Fact]
    public void LabelsAsFloats_AreRefusedWithTheFix()
    {
        var error = Assert.Throws<ShapeException>(() => Loss.CrossEntropy.Compute(Tensor.Zeros((4, 3)), Tensor.Zeros(4)));
        Assert.Equal("cross-entropy expects class indices as Int64 (4,), or probabilities (4, 3), but got Float32 (4,). Convert class indices with To(DType.Int64).", error.Message);
    }

    [Fact]
    public void WrongShapes_AreRefused()
    {
        Assert.Equal(
            "cross-entropy expects predictions (batch, classes) or (batch, classes, …) but got (4,).",
            Assert.Throws<ShapeException>(() => Loss.CrossEntropy.Compute(Tensor.Zeros(4), Tensor.Zeros(4, DType.Int64))).Message);
        Assert.Equal(
            "cross-entropy expects class indices (4,) for predictions (4, 3) but got (3,).",
            Assert.Throws<ShapeException>(() => Loss.CrossEntropy.Compute(Tensor.Zeros((4, 3)), Tensor.Zeros(3, DType.Int64))).Message);
        Assert.Equal(
            "cross-entropy expects one class weight for each class, (3,), but got (2,).",
            Assert.Throws<ShapeException>(() => new CrossEntropyLoss(Tensor.Ones(2)).Compute(Tensor.Zeros((4, 3)), Tensor.Zeros(4, DType.Int64))).Message);
        Assert.Equal(
            "binary cross-entropy expects a positive weight that fits outputs (4, 1) but got (2,).",
            Assert.Throws<ShapeException>(() => new BinaryCrossEntropyLoss(positiveWeight: Tensor.Ones(2)).Compute(Tensor.Zeros((4, 1)), Tensor.Zeros((4, 1)))).Message);
    }

    [Fact]
    public void LogitsGivenAsProbabilities_AreRefused() =>
        Assert.Contains(
            "expects predictions in [0, 1]",
            Assert.Throws<ArgumentException>(() => new BinaryCrossEntropyLoss(fromLogits: false).Compute(Tensor.From([2f]), Tensor.From([1f]))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void SmoothingOutOfRange_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropyLoss(labelSmoothing: 1.1));

    [Fact]
    public void OutputActivations_AreRefusedWhereTheLossAppliesThem()
    {
        Assert.Throws<ArgumentException>(() => Loss.BinaryCrossEntropy.CheckOutputLayer(new Glia.Layers.Sigmoid()));
        new BinaryCrossEntropyLoss(fromLogits: false).CheckOutputLayer(new Glia.Layers.Sigmoid());
        Assert.Contains(
            "train with Loss.CrossEntropy",
            Assert.Throws<ArgumentException>(() => Loss.NegativeLogLikelihood.CheckOutputLayer(new Glia.Layers.Softmax())).Message,
            StringComparison.Ordinal);
    }

    private static Tensor Leaf(double[] values, Shape shape, DType dtype)
    {
        var x = Tensor.From(values, shape).To(dtype);
        x.RequiresGrad = true;
        return x;
    }
}
