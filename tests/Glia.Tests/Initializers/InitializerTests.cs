using Glia.Initializers;
using Glia.Layers;

namespace Glia.Tests.Initializers;

public class InitializerTests
{
    private static double Bound(Tensor weight) => weight.ToDoubles().Max(Math.Abs);

    [Fact]
    public void Network_RectifierFollows_HeElseGlorot()
    {
        var model = Network.Input(100).Dense(50, name: "he").ReLU().Dense(50, name: "glorot").Tanh().Dense(50, name: "leaky").LeakyReLU().Dense(20, name: "last").Build(seed: 2);
        double Of(string name) => Bound(model.StateDict()[$"{name}.weight"]);
        AssertBound(Math.Sqrt(6.0 / 100), Of("he"));
        AssertBound(Math.Sqrt(6.0 / 100), Of("glorot"));
        AssertBound(Math.Sqrt(6.0 / 50), Of("leaky"));
        AssertBound(Math.Sqrt(6.0 / 70), Of("last"));
        Assert.All(model.Parameters.Where(p => p.Name == "bias"), b => Assert.All(b.ToDoubles(), v => Assert.Equal(0, v)));
    }

    [Fact]
    public void Conv2D_CountsTheReceptiveField()
    {
        var model = Network.Input(8, 9, 9).Conv2D(16, 3, name: "he").ReLU().Conv2D(16, (1, 5), new Conv2DOptions { Groups = 4 }, "glorot").Build(seed: 2);
        AssertBound(Math.Sqrt(6.0 / 72), Bound(model.StateDict()["he.weight"]));
        AssertBound(Math.Sqrt(6.0 / (20 + 80)), Bound(model.StateDict()["glorot.weight"]));
    }

    [Fact]
    public void Network_NormalizationBeforeTheRectifier_StillHe()
    {
        var model = Network.Input(8, 9, 9).Conv2D(16, 3, name: "conv").BatchNorm().ReLU().Flatten().Dense(50, name: "dense").Dropout().Tanh().Build(seed: 2);
        AssertBound(Math.Sqrt(6.0 / 72), Bound(model.StateDict()["conv.weight"]));
        AssertBound(Math.Sqrt(6.0 / ((16 * 49) + 50)), Bound(model.StateDict()["dense.weight"]));
    }

    [Fact]
    public void Uniform_HasTheVarianceOfItsBound()
    {
        var weight = Tensor.Zeros((300, 200), DType.Float64);
        Initializer.HeUniform.Fill(weight, new Rng(1));
        Assert.InRange(weight.ToDoubles().Average(v => v * v) / (2.0 / 200), 0.98, 1.02);
    }

    [Fact]
    public void ConstantInitializers_Fill()
    {
        var x = Tensor.Full(3, 9);
        Initializer.Zeros.Fill(x, new Rng(1));
        Assert.Equal([0, 0, 0], x.ToDoubles());
        Initializer.Ones.Fill(x, new Rng(1));
        Assert.Equal([1, 1, 1], x.ToDoubles());
    }

    /// <summary>The largest of many uniform numbers comes close to the bound but does not pass it.</summary>
    private static void AssertBound(double bound, double largest) => Assert.InRange(largest, bound * 0.98, bound * (1 + 1e-6));
}
