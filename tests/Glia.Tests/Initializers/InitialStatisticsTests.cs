using Glia.Initializers;
using Glia.Layers;

namespace Glia.Tests.Initializers;

public class InitialStatisticsTests
{
    private static readonly Dictionary<string, (Initializer Initializer, double Std)> Random = new()
    {
        ["uniform"] = (Initializer.Uniform(), 1 / Math.Sqrt(12)),
        ["normal"] = (Initializer.Normal(0, 0.3), 0.3),
        ["truncated normal"] = (Initializer.TruncatedNormal(), 0.8796256610342398),
        ["Glorot uniform"] = (Initializer.GlorotUniform, Math.Sqrt(2 / 250.0)),
        ["Glorot normal"] = (Initializer.GlorotNormal, Math.Sqrt(2 / 250.0)),
        ["Glorot for tanh"] = (Initializer.Glorot(5 / 3.0, Distribution.Normal), 5 / 3.0 * Math.Sqrt(2 / 250.0)),
        ["He uniform"] = (Initializer.HeUniform, Math.Sqrt(2 / 50.0)),
        ["He normal"] = (Initializer.HeNormal, Math.Sqrt(2 / 50.0)),
        ["He of fan out"] = (Initializer.He(mode: FanMode.Out), Math.Sqrt(2 / 200.0)),
        ["LeCun uniform"] = (Initializer.LeCunUniform, Math.Sqrt(1 / 50.0)),
        ["LeCun normal"] = (Initializer.LeCunNormal, Math.Sqrt(1 / 50.0)),
    };

    public static TheoryData<string> RandomNames => [.. Random.Keys];

    [Theory]
    [MemberData(nameof(RandomNames))]
    public void Statistics_AreThoseOfTheFormula(string name)
    {
        var (initializer, std) = Random[name];
        var weight = Draw(initializer, (200, 50));
        Assert.InRange(weight.Mean().Item(), -5 * std / 100, 5 * std / 100);
        Assert.Equal(std, Math.Sqrt(weight.Variance([]).Item()), 5 * std / Math.Sqrt(20_000));
    }

    [Theory]
    [MemberData(nameof(RandomNames))]
    public void SameSeed_GivesTheSameNumbers_AndBothTypesAgree(string name)
    {
        var initializer = Random[name].Initializer;
        Numbers.SameBits(Draw(initializer, (20, 5)), Draw(initializer, (20, 5)));
        Numbers.Close(Draw(initializer, (20, 5)), Draw(initializer, (20, 5), DType.Float32).To(DType.Float64), 1e-6, 1e-7);
    }

    [Fact]
    public void Uniform_StaysInItsDefaultRange()
    {
        var values = Draw(Initializer.Uniform(), 10_000).ToDoubles();
        Assert.InRange(values.Min(), -0.5, -0.499);
        Assert.InRange(values.Max(), 0.499, 0.5);
    }

    [Fact]
    public void ConvolutionWeights_CountTheKernelAsConnections()
    {
        var weight = Draw(Initializer.HeUniform, (64, 32, 3, 3));
        var bound = Math.Sqrt(6 / (32 * 9.0));
        Assert.InRange(weight.ToDoubles().Max(Math.Abs), 0.999 * bound, bound);
    }

    [Theory]
    [InlineData(0, 1, 8, 20)]
    [InlineData(0, 1, -0.01, 0.01)]
    [InlineData(5, 0.1, 4.9, 1e300)]
    [InlineData(0, 1, -1e9, 1e9)]
    public void TruncatedNormal_KeepsItsBoundsAndMomentsAnywhere(double mean, double std, double low, double high)
    {
        var initializer = Initializer.TruncatedNormal(mean, std, low, high);
        var values = Draw(initializer, 20_000);
        Assert.InRange(values.Min().Item(), low, high);
        Assert.InRange(values.Max().Item(), low, high);
        var expected = ((RandomInitializer)initializer).StandardDeviation(values.Shape);
        Assert.Equal(expected, Math.Sqrt(values.Variance([]).Item()), 0.05 * expected);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(5, 9)]
    [InlineData(9, 5)]
    [InlineData(1, 4)]
    public void Orthogonal_KeepsLengthsAndAngles(int rows, int columns)
    {
        foreach (var (dtype, tolerance) in new[] { (DType.Float64, 1e-12), (DType.Float32, 1e-6) })
        {
            var weight = Draw(Initializer.Orthogonal(1.5), (rows, columns), dtype);
            var gram = rows <= columns ? weight.MatMul(weight, transposeB: true) : weight.MatMul(weight, transposeA: true);
            var identity = Draw(Initializer.Identity(1.5 * 1.5), gram.Shape, dtype);
            Numbers.Close(identity, gram, 0, 4 * tolerance);
        }
    }

    [Fact]
    public void OrthogonalMatrices_HaveNoPreferredSign()
    {
        var positive = Enumerable.Range(0, 400).Count(seed =>
        {
            var weight = Tensor.Zeros((2, 2), DType.Float64);
            Initializer.Orthogonal().Fill(weight, new Rng((ulong)seed));
            return weight[0, 0] > 0;
        });
        Assert.InRange(positive, 150, 250);
    }

    [Fact]
    public void Identity_PassesItsInputOn()
    {
        var dense = new Dense(3, 4, useBias: false);
        Initializer.Identity().Fill(dense.Weight, new Rng(0));
        Assert.Equal([1, 2, 3, 0], dense.Forward(Tensor.From([1f, 2, 3], (1, 3))).ToDoubles());
    }

    [Fact]
    public void Constant_FillsEverything()
    {
        Assert.All(Draw(Initializer.Constant(-2.5), (2, 3)).ToDoubles(), v => Assert.Equal(-2.5, v));
    }

    [Fact]
    public void Gains_KeepVariancesThroughTheActivation()
    {
        Assert.Equal(Math.Sqrt(2), Initializer.GainOf(new ReLU()));
        Assert.Equal(Math.Sqrt(2 / 1.04), Initializer.GainOf(new LeakyReLU(0.2)));
        Assert.Equal(5 / 3.0, Initializer.GainOf(new Tanh()));
        Assert.Equal(1, Initializer.GainOf(new Sigmoid()));
    }

    [Fact]
    public void WrongShapesAndSettings_AreRefused()
    {
        Assert.Equal(
            "Orthogonal expects a tensor of at least two axes but got (5,). Take another initializer for vectors.",
            Assert.Throws<ShapeException>(() => Draw(Initializer.Orthogonal(), 5)).Message);
        Assert.Equal("Identity expects a matrix but got (2, 3, 4).", Assert.Throws<ShapeException>(() => Draw(Initializer.Identity(), (2, 3, 4))).Message);
        Assert.Equal("Uniform expects finite bounds in order but got 1 and 0.", Assert.Throws<ArgumentException>(() => Initializer.Uniform(1, 0)).Message);
        Assert.Throws<ArgumentException>(() => Initializer.TruncatedNormal(std: 0));
        Assert.Throws<ArgumentException>(() => Initializer.TruncatedNormal(low: 2, high: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Normal(std: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.He(double.NaN));
    }

    private static Tensor Draw(Initializer initializer, Shape shape, DType dtype = DType.Float64)
    {
        var tensor = Tensor.Zeros(shape, dtype);
        initializer.Fill(tensor, new Rng(11));
        return tensor;
    }
}
