using FsCheck.Xunit;
using Glia.Models;

namespace Glia.Tests.Models;

public class PerceptronTests
{
    private static readonly double[][] Square = [[0, 0], [0, 1], [1, 0], [1, 1]];

    [Theory]
    [InlineData(PerceptronLabels.MinusOneAndOne, -1)]
    [InlineData(PerceptronLabels.ZeroAndOne, 0)]
    public void LinearlySeparableClasses_Converge(PerceptronLabels labels, double low)
    {
        var perceptron = new Perceptron(2, labels);
        double[] and = [low, low, low, 1];

        var report = perceptron.Fit(Square, and);

        Assert.True(report.Converged);
        Assert.Equal(and, Square.Select(x => perceptron.Predict(x)));
        Assert.Equal(0, report.MistakesPerPass[^1]);
        Assert.All(report.MistakesPerPass.SkipLast(1), m => Assert.NotEqual(0, m));
        Assert.Equal($"Converged: pass {report.MistakesPerPass.Count} made no mistake on 4 samples, so a hyperplane separates the classes.", report.Explanation);
    }

    [Fact]
    public void Xor_DoesNotConverge_AndSaysWhatToUse()
    {
        var report = new Perceptron(2).Fit(Square, [-1, 1, 1, -1], maxPasses: 500);

        Assert.False(report.Converged);
        Assert.Equal(500, report.MistakesPerPass.Count);
        Assert.StartsWith("Did not converge in 500 passes: the last one made ", report.Explanation, StringComparison.Ordinal);
        Assert.EndsWith("(XOR is the classic case), and a perceptron cannot learn them. Use a multi-layer perceptron.", report.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 1 }, 4, "Did not converge in 1 pass: the last one made 1 mistake on 4 samples. ")]
    [InlineData(new[] { 1, 2 }, 2, "Did not converge in 2 passes: the last one made 2 mistakes on 2 samples. ")]
    [InlineData(new[] { 2, 1 }, 1, "Did not converge in 2 passes: the last one made 1 mistake on 1 sample. ")]
    [InlineData(new int[0], 3, "Did not converge in 0 passes. ")]
    [InlineData(new[] { 1, 0 }, 1, "Converged: pass 2 made no mistake on 1 sample, so ")]
    public void Explanation_CountsInWords(int[] mistakesPerPass, int samples, string start) =>
        Assert.StartsWith(start, new PerceptronReport(mistakesPerPass, samples).Explanation, StringComparison.Ordinal);

    [Fact]
    public void OneMistake_MovesTheWeightsByTheRule()
    {
        var perceptron = new Perceptron(2, PerceptronLabels.ZeroAndOne, seed: 3);
        double[] x = [2, -1];
        var before = perceptron.Weights.ToArray();
        var bias = perceptron.Bias;
        var wrong = 1 - perceptron.Predict(x);

        perceptron.Fit([x], [wrong], learningRate: 0.25, maxPasses: 1);

        var error = wrong - (1 - wrong);
        Assert.Equal([before[0] + (0.25 * error * 2), before[1] - (0.25 * error)], perceptron.Weights.ToArray());
        Assert.Equal(bias + (0.25 * error), perceptron.Bias);
    }

    [Fact]
    public void FirstWeights_LieInTheTaughtRange_AndDependOnTheSeed()
    {
        var weights = new Perceptron(500, seed: 1).Weights.ToArray();
        Assert.All(weights, w => Assert.InRange(w, -0.5, 0.5));
        Assert.Equal(weights, new Perceptron(500, seed: 1).Weights.ToArray());
        Assert.NotEqual(weights, new Perceptron(500, seed: 2).Weights.ToArray());
    }

    [Property(MaxTest = 50)]
    public bool SignedDistance_IsZeroOnTheHyperplane_AndGrowsAlongItsNormal(byte seed, byte step)
    {
        var perceptron = new Perceptron(3, seed: seed);
        var norm = Math.Sqrt(perceptron.Weights.ToArray().Sum(w => w * w));
        var t = step / 10.0;
        // The point of the hyperplane nearest to the origin, and t further along the unit normal.
        var x = perceptron.Weights.ToArray().Select(w => w * ((t / norm) - (perceptron.Bias / (norm * norm)))).ToArray();
        return Math.Abs(perceptron.SignedDistance(x) - t) < 1e-9;
    }

    [Fact]
    public void WrongInput_IsNamed()
    {
        var perceptron = new Perceptron(2);
        Assert.Equal("Perceptron expects 2 features but got 3.", Assert.Throws<ShapeException>(() => perceptron.Predict([1, 2, 3])).Message);
        Assert.Equal("Fit expects targets -1 or 1 but target 1 is 0.", Assert.Throws<ArgumentException>(() => perceptron.Fit([[1, 2], [3, 4]], [1, 0])).Message);
        Assert.Equal("Fit expects at least one sample and one target per sample but got 1 samples and 0 targets.", Assert.Throws<ArgumentException>(() => perceptron.Fit([[1, 2]], [])).Message);
    }
}
