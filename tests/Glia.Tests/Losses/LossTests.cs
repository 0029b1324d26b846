using Glia.Layers;
using Glia.Losses;

namespace Glia.Tests.Losses;

public class LossTests
{
    [Fact]
    public void CrossEntropy_ByHand()
    {
        var logits = Tensor.From([1.0, 2, 3, 0, 0, 0], (2, 3));
        var expected = (Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3)) - 3 + Math.Log(3)) / 2;
        Assert.Equal(expected, Loss.CrossEntropy.Compute(logits, Tensor.From([2L, 0])).Item(), 1e-12);
    }

    [Fact]
    public void BinaryCrossEntropy_ByHand()
    {
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        var expected = -(Math.Log(Sigmoid(0.5)) + Math.Log(1 - Sigmoid(-2)) + (0.3 * Math.Log(Sigmoid(1))) + (0.7 * Math.Log(1 - Sigmoid(1)))) / 3;
        Assert.Equal(expected, Loss.BinaryCrossEntropy.Compute(Tensor.From([0.5, -2, 1]), Tensor.From([1.0, 0, 0.3])).Item(), 1e-12);
    }

    [Fact]
    public void MeanSquaredError_ByHand() =>
        Assert.Equal((1 + 4 + 0.25) / 3, Loss.MeanSquaredError.Compute(Tensor.From([1.0, 2, 3]), Tensor.From([2.0, 0, 2.5])).Item(), 1e-12);

    [Fact]
    public void From_YourOwn_IsCalled()
    {
        var loss = Loss.From((p, t) => (p - t).Abs().Mean(), "absolute error");
        Assert.Equal(("absolute error", 1.5), (loss.Name, loss.Compute(Tensor.From([1.0, 2]), Tensor.From([2.0, 0])).Item()));
    }

    [Fact]
    public void FromElements_ReducesAndWeighsAsGliasOwnLosses()
    {
        var (prediction, target) = (Numbers.Normal((4, 3), 1), Numbers.Normal((4, 3), 2));
        var weights = Tensor.From([1.0, 0, 2, 0.5]);
        foreach (var reduction in Enum.GetValues<LossReduction>())
        {
            var own = Loss.FromElements((p, t) => (p - t).Square(), "own", reduction);
            var known = new MeanSquaredErrorLoss(reduction);

            Assert.True(own.SupportsSampleWeights);
            Assert.Equal(("own", reduction), (own.Name, own.Reduction));
            Numbers.Close(known.Compute(prediction, target), own.Compute(prediction, target), 0, 1e-15);
            Numbers.Close(known.Compute(prediction, target, weights), own.Compute(prediction, target, weights), 0, 1e-15);
        }
    }

    [Fact]
    public void FromElements_FunctionThatReduces_IsRefused() => Assert.Equal(
        "own expects a function that gives a number per sample, (2, …), but got (). Leave the reduction to the loss, or use Loss.From.",
        Assert.Throws<ShapeException>(() => Loss.FromElements((p, t) => (p - t).Mean(), "own").Compute(Tensor.From([1.0, 2]), Tensor.From([1.0, 2]))).Message);

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void HugeLogits_LossAndGradientsStayFinite(DType dtype)
    {
        var logits = Tensor.From([1e4, -1e4, 0, -1e4, 1e4, 1e4], (2, 3)).To(dtype).Detach();
        logits.RequiresGrad = true;
        var cross = Loss.CrossEntropy.Compute(logits, Tensor.From([1L, 1]));
        Assert.Equal((2e4 + Math.Log(2)) / 2, cross.Item(), 1e-2);
        cross.Backward();
        Assert.Equal([0.5, -0.5, 0, 0, -0.25, 0.25], logits.Grad!.ToDoubles());

        logits.ZeroGrad();
        var binary = Loss.BinaryCrossEntropy.Compute(logits, Tensor.From([0.0, 1, 0, 0, 1, 1], (2, 3)).To(dtype));
        Assert.Equal((2e4 + Math.Log(2)) / 6, binary.Item(), 1e-2);
        binary.Backward();
        Assert.Equal([1 / 6.0, -1 / 6.0, 1 / 12.0, 0, 0, 0], logits.Grad!.ToDoubles().Select(g => Math.Round(g, 6)), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(20.0, 1.0)]
    [InlineData(-20.0, 0.0)]
    public void BinaryCrossEntropy_CertainAndRight_KeepsItsSmallLoss(double logit, double target) =>
        Assert.Equal(Math.Exp(-20), Loss.BinaryCrossEntropy.Compute(Tensor.From([(float)logit]), Tensor.From([(float)target])).Item(), 1e-11);

    public static TheoryData<Action, string> Errors => new()
    {
        { () => Loss.CrossEntropy.Compute(Tensor.Zeros((2, 3)), Tensor.From([0L, 3])), "The cross-entropy expects class indices from 0 to 2 but target 1 is 3. Does the model have one output per class?" },
        { () => Loss.CrossEntropy.Compute(Tensor.Zeros((2, 3)), Tensor.From([0L, -1])), "The cross-entropy expects class indices from 0 to 2 but target 1 is -1. Does the model have one output per class?" },
        { () => Loss.CrossEntropy.Compute(Tensor.Zeros((2, 3)), Tensor.From([0L])), "cross-entropy expects class indices (2,) for predictions (2, 3) but got (1,)." },
        { () => Loss.CrossEntropy.Compute(Tensor.Zeros((2, 3)), Tensor.Zeros(2)), "cross-entropy expects class indices as Int64 (2,), or probabilities (2, 3), but got Float32 (2,). Convert class indices with To(DType.Int64)." },
        { () => Loss.MeanSquaredError.Compute(Tensor.Zeros((2, 1)), Tensor.Zeros(2)), "mean squared error expects prediction and target of one shape but got (2, 1) and (2,). Reshape the target, for example to (batch, 1)." },
        { () => Loss.BinaryCrossEntropy.Compute(Tensor.Zeros((2, 1)), Tensor.Zeros(2)), "binary cross-entropy expects prediction and target of one shape but got (2, 1) and (2,). Reshape the target, for example to (batch, 1)." },
        { () => Loss.CrossEntropy.CheckOutputLayer(Network.Input(2).Softmax().Build().Layers[^1]), "The model ends in Softmax 'softmax1', but cross-entropy takes logits and applies softmax itself. Remove that layer; Predict and Softmax() give probabilities." },
        { () => Loss.BinaryCrossEntropy.CheckOutputLayer(Network.Input(2).Sigmoid().Build().Layers[^1]), "The model ends in Sigmoid 'sigmoid1', but binary cross-entropy takes logits and applies sigmoid itself. Remove that layer; Predict and Sigmoid() give probabilities." },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void DoesNotFit_SaysWhatFits(Action action, string message) => Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(action).Message);

    [Fact]
    public void CheckOutputLayer_FittingLayer_Accepted()
    {
        Loss.CrossEntropy.CheckOutputLayer(new Dense(2, 2));
        Loss.BinaryCrossEntropy.CheckOutputLayer(new Tanh());
        Loss.MeanSquaredError.CheckOutputLayer(new Softmax());
    }
}
