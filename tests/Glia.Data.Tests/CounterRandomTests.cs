namespace Glia.Data.Tests;

public class CounterRandomTests
{
    [Fact]
    public void Bits_SeedAndCounter_AreAFixedFunction()
    {
        Assert.Equal(CounterRandom.Bits(1, 2), CounterRandom.Bits(1, 2));
        Assert.NotEqual(CounterRandom.Bits(1, 2), CounterRandom.Bits(2, 1));
        Assert.NotEqual(CounterRandom.Bits(1, 1), CounterRandom.Bits(2, 0));
    }

    [Fact]
    public void Uniform_ManyDraws_HaveTheMomentsOfTheUniformDistribution()
    {
        var draws = Enumerable.Range(0, 50_000).Select(i => CounterRandom.Uniform(3, (ulong)i)).ToArray();

        Assert.All(draws, x => Assert.InRange(x, 0, 1 - 1e-17));
        Assert.InRange(draws.Average(), 0.495, 0.505);
        Assert.InRange(draws.Average(x => (x - 0.5) * (x - 0.5)), 1 / 12.0 - 0.001, 1 / 12.0 + 0.001);
    }

    [Fact]
    public void Normal_ManyDraws_HaveTheMomentsOfTheNormalDistribution()
    {
        var draws = Enumerable.Range(0, 50_000).Select(i => CounterRandom.Normal(3, (ulong)i)).ToArray();

        Assert.InRange(draws.Average(), -0.02, 0.02);
        Assert.InRange(draws.Average(x => x * x), 0.97, 1.03);
        Assert.InRange(draws.Average(x => x * x * x), -0.07, 0.07);
    }
}
