using Glia.Models;

namespace Glia.Tests.Models;

public class SamplerTests
{
    private static readonly float[] Logits = [MathF.Log(0.1f), MathF.Log(0.4f), MathF.Log(0.2f), MathF.Log(0.3f)];

    [Fact]
    public void Probabilities_Default_AreTheSoftmax() => Near([0.1, 0.4, 0.2, 0.3], new Sampler().Probabilities(Logits));

    [Fact]
    public void Probabilities_Temperature_SharpensOrFlattens()
    {
        var squares = new[] { 0.01, 0.16, 0.04, 0.09 };
        Near([.. squares.Select(p => p / 0.3)], new Sampler(temperature: 0.5).Probabilities(Logits));
        Near([0, 1, 0, 0], new Sampler(temperature: 0).Probabilities(Logits));
        Near([0, 1, 0], new Sampler(temperature: 1e-300).Probabilities([-1e4f, 1e4f, 0]));
    }

    [Fact]
    public void Probabilities_TopK_KeepsTheLikeliest()
    {
        Near([0, 4 / 7.0, 0, 3 / 7.0], new Sampler(topK: 2).Probabilities(Logits));
        Near([0.1, 0.4, 0.2, 0.3], new Sampler(topK: 9).Probabilities(Logits));
        Near([0.5, 0.5, 0], new Sampler(topK: 2).Probabilities([1, 1, 1]));
    }

    [Fact]
    public void Probabilities_TopP_KeepsTheFewestThatReachIt()
    {
        Near([0, 1, 0, 0], new Sampler(topP: 0.39).Probabilities(Logits));
        Near([0, 4 / 7.0, 0, 3 / 7.0], new Sampler(topP: 0.5).Probabilities(Logits));
        Near([0, 1, 0, 0], new Sampler(topP: 1e-9).Probabilities(Logits));
    }

    [Fact]
    public void Sample_ManyDraws_FollowTheProbabilities()
    {
        var (sampler, rng, counts) = (new Sampler(topK: 3), new Rng(1), new int[4]);
        for (var i = 0; i < 20_000; i++)
            counts[sampler.Sample(Logits, rng)]++;
        Assert.Equal(0, counts[0]);
        Assert.Equal(4 / 9.0, counts[1] / 2e4, 0.01);
        Assert.Equal(2 / 9.0, counts[2] / 2e4, 0.01);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(temperature: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(temperature: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(topK: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(topP: 0));
        Assert.Throws<ArgumentException>(() => new Sampler().Sample([], new Rng(1)));
        Assert.Equal(
            "The score of symbol 1 is NaN: the model's weights are damaged. (Parameter 'logits')",
            Assert.Throws<ArgumentException>(() => new Sampler().Sample([0, float.NaN], new Rng(1))).Message);
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (e, a) in expected.Zip(actual))
            Assert.Equal(e, a, 1e-6);
    }
}
