namespace Glia.Tests;

public class RngTests
{
    /// <summary>Known answers of the authors' Random123 library (kat_vectors, philox4x32 with 10 rounds).</summary>
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x85a308d3_243f6a88UL, 0x03707344_13198a2eUL, 0x299f31d0_a4093822UL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_KnownAnswers(ulong counterLow, ulong counterHigh, ulong key, uint a, uint b, uint c, uint d) =>
        Assert.Equal((a, b, c, d), Rng.Philox(counterLow, counterHigh, key));

    [Fact]
    public void SameSeed_SameNumbers_OtherSeedOthers()
    {
        Assert.Equal(Draw(new Rng(5)), Draw(new Rng(5)));
        Assert.NotEqual(Draw(new Rng(5)), Draw(new Rng(6)));
    }

    [Fact]
    public void Split_DependsOnThePartOnly_NotOnWhatWasDrawn()
    {
        var rng = new Rng(5);
        var before = Draw(rng.Split(3));
        Draw(rng);
        Assert.Equal(before, Draw(rng.Split(3)));
        Assert.Equal(Draw(rng.Split("dense1")), Draw(new Rng(5).Split("dense1")));
    }

    [Fact]
    public void Split_ManyPartsAndDepths_AllDiffer()
    {
        var rng = new Rng(5);
        var streams = Enumerable.Range(0, 500).SelectMany(i => new[] { rng.Split((ulong)i), rng.Split((ulong)i).Split(0), rng.Split(0).Split((ulong)i), rng.Split($"{i}") });
        // Split(0).Split(0) is made twice.
        Assert.Equal(1999, streams.Select(s => s.NextDouble()).Distinct().Count());
    }

    [Fact]
    public void Split_TwoParts_AreUncorrelated()
    {
        const int Count = 20_000;
        var a = Tensor.Normal(new Rng(5).Split(1), Count, dtype: DType.Float64);
        var b = Tensor.Normal(new Rng(5).Split(2), Count, dtype: DType.Float64);
        Assert.InRange(Numbers.Dot(a, b) / Count, -0.03, 0.03);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Uniform_FillsItsIntervalEvenly(DType dtype)
    {
        var values = Tensor.Uniform(new Rng(1), 100_000, -1, 3, dtype).ToDoubles();
        Assert.All(values, v => Assert.True(v is >= -1 and < 3));
        Assert.InRange(values.Average(), 0.98, 1.02);
        var counts = values.CountBy(v => (int)Math.Floor((v + 1) * 5)).ToDictionary();
        // Chi-square with 19 degrees of freedom: 43.8 is passed once in a thousand seeds.
        Assert.InRange(counts.Values.Sum(n => Math.Pow(n - 5000, 2) / 5000), 0, 43.8);
    }

    [Fact]
    public void Uniform_NarrowInterval_NeverReachesItsEnd()
    {
        var end = MathF.BitIncrement(MathF.BitIncrement(1));
        Assert.All(Tensor.Uniform(new Rng(1), 1000, 1, end).ToArray<float>(), v => Assert.True(v < end));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Normal_HasItsMoments(DType dtype)
    {
        var x = Tensor.Normal(new Rng(2), 100_000, mean: 2, std: 3, dtype).ToDoubles().Select(v => (v - 2) / 3).ToArray();
        Assert.InRange(x.Average(), -0.015, 0.015);
        Assert.InRange(x.Average(v => v * v), 0.98, 1.02);
        Assert.InRange(x.Average(v => v * v * v), -0.05, 0.05);
        Assert.InRange(x.Average(v => v * v * v * v), 2.9, 3.1);
        Assert.InRange(x.Count(v => Math.Abs(v) > 3) / 100_000.0, 0.0020, 0.0034);
    }

    [Fact]
    public void NextDoubleAndNextInt_StayInTheirRanges()
    {
        var rng = new Rng(3);
        Assert.All(Enumerable.Range(0, 10_000).Select(_ => rng.NextDouble()), v => Assert.True(v is >= 0 and < 1));
        var counts = Enumerable.Range(0, 60_000).CountBy(_ => rng.NextInt(6)).ToDictionary();
        Assert.Equal([0, 1, 2, 3, 4, 5], counts.Keys.Order());
        Assert.All(counts.Values, n => Assert.InRange(n, 9_700, 10_300));
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextInt(0));
    }

    [Fact]
    public void Permutation_IsOne_AndEveryOrderIsAsLikely()
    {
        var rng = new Rng(4);
        Assert.Equal(Enumerable.Range(0, 1000), rng.Permutation(1000).Order());
        Assert.Empty(rng.Permutation(0));
        var counts = Enumerable.Range(0, 60_000).CountBy(_ => string.Concat(rng.Permutation(3))).ToDictionary();
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, n => Assert.InRange(n, 9_700, 10_300));
    }

    private static double[] Draw(Rng rng) => [.. Enumerable.Range(0, 5).Select(_ => rng.NextDouble())];
}
