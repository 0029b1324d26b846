using Glia.Losses;

namespace Glia.Tests.Losses;

public class LossLawTests
{
    public static TheoryData<string> Names => [.. LossRow.Rows.Keys];

    public static TheoryData<string, LossReduction> NamesAndReductions
    {
        get
        {
            var data = new TheoryData<string, LossReduction>();
            foreach (var name in LossRow.Rows.Keys)
            {
                foreach (var reduction in Enum.GetValues<LossReduction>())
                    data.Add(name, reduction);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndReductions))]
    public void Gradient_AgreesWithFiniteDifferences(string name, LossReduction reduction)
    {
        var row = LossRow.Rows[name];
        var target = row.Target();
        GradientCheck.Holds(x => row.Create(reduction).Compute(x[0], target), [row.Prediction()], name);
    }

    [Theory]
    [MemberData(nameof(NamesAndReductions))]
    public void GradientOfTheGradient_AgreesWithFiniteDifferences(string name, LossReduction reduction)
    {
        var row = LossRow.Rows[name];
        var target = row.Target();
        GradientCheck.Holds(
            x =>
            {
                var y = row.Create(reduction).Compute(x[0], target);
                return Gradients.Of(y, x, createGraph: true)[0] * Numbers.Normal(x[0].Shape, 9);
            },
            [row.Prediction()],
            name);
    }

    [Theory]
    [MemberData(nameof(NamesAndReductions))]
    public void ForwardMode_EqualsTransposeOfReverseMode_AndFiniteDifferences(string name, LossReduction reduction)
    {
        const double Step = 1e-6;
        var (row, target) = (LossRow.Rows[name], LossRow.Rows[name].Target());
        var x = row.Prediction();
        x.RequiresGrad = true;
        var v = Numbers.Normal(x.Shape, 100);
        var (y, jv) = Gradients.JacobianVectorProduct(t => row.Create(reduction).Compute(t[0], target), [x], [v]);
        var u = Numbers.Normal(y.Shape, 9);

        Assert.Equal(Numbers.Dot(Gradients.Of(row.Create(reduction).Compute(x, target), [x], u)[0], v), Numbers.Dot(u, jv), 1e-9);
        var difference = (row.Create(reduction).Compute(x + (v * Step), target) - row.Create(reduction).Compute(x - (v * Step), target)) * (1 / (2 * Step));
        Numbers.Close(difference, jv, 1e-4, 1e-6, $"{name}: J·v");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Reductions_FollowFromTheElements(string name)
    {
        var row = LossRow.Rows[name];
        var elements = row.Create(LossReduction.None).Compute(row.Prediction(), row.Target());
        var (sum, mean, perSample) = (Of(row, LossReduction.Sum), Of(row, LossReduction.Mean), Of(row, LossReduction.BatchMean));

        Assert.Equal(4, elements.Shape[0]);
        Assert.Equal(elements.Sum().Item(), sum, 12);
        Assert.Equal(mean * elements.Count / 4, perSample, 12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WeightTwo_CountsLikeTheSampleTwice_AndWeightZeroLikeNone(string name)
    {
        var row = LossRow.Rows[name];
        var (x, t) = (row.Prediction(), row.Target());
        var twice = (Repeat(x), Repeat(t));
        foreach (var reduction in new[] { LossReduction.Mean, LossReduction.Sum, LossReduction.BatchMean })
        {
            var loss = row.Create(reduction);
            var weighted = loss.Compute(x, t, Tensor.From([2.0, 0, 1, 1])).Item();
            Assert.Equal(loss.Compute(twice.Item1, twice.Item2).Item(), weighted, 12);
        }

        static Tensor Repeat(Tensor x) => Tensor.Concat(0, x.Slice(0, 0, 1), x.Slice(0, 0, 1), x.Slice(0, 2, 2));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WeightsOfTheElements_MultiplyThem(string name)
    {
        var row = LossRow.Rows[name];
        var loss = row.Create(LossReduction.None);
        var elements = loss.Compute(row.Prediction(), row.Target());
        var weights = Numbers.Normal(elements.Shape, 3).Abs();

        Numbers.Close(elements * weights, loss.Compute(row.Prediction(), row.Target(), weights), 1e-12, 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoWeightAtAll_GivesZero_AndZeroGradients(string name)
    {
        var row = LossRow.Rows[name];
        var x = row.Prediction();
        x.RequiresGrad = true;
        var loss = row.Create(LossReduction.Mean).Compute(x, row.Target(), Tensor.Zeros(4, DType.Float64));
        loss.Backward();
        Assert.Equal(0, loss.Item());
        Assert.All(x.Grad!.ToDoubles(), g => Assert.Equal(0, g));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Float32_StaysFloat32(string name)
    {
        var row = LossRow.Rows[name];
        var target = row.Target();
        var loss = row.Create(LossReduction.Mean);
        var single = loss.Compute(row.Prediction().To(DType.Float32), target.DType.IsFloatingPoint() ? target.To(DType.Float32) : target);
        Assert.Equal(DType.Float32, single.DType);
        Assert.Equal(loss.Compute(row.Prediction(), target).Item(), single.Item(), 5);
    }

    [Fact]
    public void WrongSampleWeights_AreNamed()
    {
        var error = Assert.Throws<ShapeException>(() => Loss.MeanSquaredError.Compute(Tensor.Zeros((4, 3)), Tensor.Zeros((4, 3)), Tensor.Ones(3)));
        Assert.Equal("mean squared error expects sample weights (4,) or (4, 3) but got (3,). Give one weight per sample.", error.Message);
    }

    [Fact]
    public void TargetOfAnotherShape_IsRefused()
    {
        var error = Assert.Throws<ShapeException>(() => Loss.Huber.Compute(Tensor.Zeros((4, 1)), Tensor.Zeros(4)));
        Assert.Equal("Huber loss expects prediction and target of one shape but got (4, 1) and (4,). Reshape the target, for example to (batch, 1).", error.Message);
    }

    [Fact]
    public void LossOfOnesOwn_HasNoSampleWeights()
    {
        var loss = Loss.From((p, t) => (p - t).Square().Max(), "worst error");
        Assert.Equal(4, loss.Compute(Tensor.From([1f, 2]), Tensor.From([0f, 0])).Item());
        var error = Assert.Throws<NotSupportedException>(() => loss.Compute(Tensor.Zeros(2), Tensor.Zeros(2), Tensor.Ones(2)));
        Assert.StartsWith("The worst error gives one number for the whole batch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownReduction_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new MeanSquaredErrorLoss((LossReduction)7));

    private static double Of(LossRow row, LossReduction reduction) => row.Create(reduction).Compute(row.Prediction(), row.Target()).Item();
}
