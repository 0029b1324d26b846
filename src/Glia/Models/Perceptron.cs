using System.Globalization;

namespace Glia.Models;

/// <summary>Which numbers stand for the two classes of a <see cref="Perceptron"/>.</summary>
public enum PerceptronLabels
{
    /// <summary>−1 and 1, with g = sgn: −1 below 0, else 1.</summary>
    MinusOneAndOne,

    /// <summary>0 and 1, with g = step: 0 below 0, else 1.</summary>
    ZeroAndOne,
}

/// <summary>
/// Rosenblatt's perceptron (1958): the linear classifier f(x) = g(w·x + b), learned sample by sample with w ← w + α(y − ŷ)x. On classes that a
/// line (a plane, a hyperplane) separates it makes no more mistakes after finitely many passes; on others it never settles.
/// </summary>
public sealed class Perceptron
{
    private readonly double[] _weights;
    private readonly double _low;

    /// <summary>A perceptron with weights drawn uniformly from [−0.5, 0.5).</summary>
    /// <param name="features">The size of x.</param>
    /// <param name="labels">Which numbers stand for the classes.</param>
    /// <param name="seed">The seed of the first weights.</param>
    public Perceptron(int features, PerceptronLabels labels = PerceptronLabels.MinusOneAndOne, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        Labels = labels;
        _low = labels == PerceptronLabels.MinusOneAndOne ? -1 : 0;
        // The bias is the weight of a last input that is always 1.
        _weights = new double[features + 1];
        var rng = new Rng(seed);
        for (var i = 0; i < _weights.Length; i++)
            _weights[i] = rng.NextDouble() - 0.5;
    }

    /// <summary>Which numbers stand for the classes.</summary>
    public PerceptronLabels Labels { get; }

    /// <summary>w, normal to the separating hyperplane w·x + b = 0.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, _weights.Length - 1);

    /// <summary>b.</summary>
    public double Bias => _weights[^1];

    /// <summary>w·x + b: the output without g. Above 0 (and at it) the class is the upper one.</summary>
    /// <exception cref="ShapeException">x has another size.</exception>
    public double Activation(ReadOnlySpan<double> x)
    {
        if (x.Length != _weights.Length - 1)
            throw ShapeException.Of(nameof(Perceptron), $"{_weights.Length - 1} features", $"{x.Length}");
        var sum = Bias;
        for (var i = 0; i < x.Length; i++)
            sum += _weights[i] * x[i];
        return sum;
    }

    /// <summary>g(w·x + b): −1 or 0 below the hyperplane, 1 on and above it.</summary>
    public double Predict(ReadOnlySpan<double> x) => Activation(x) < 0 ? _low : 1;

    /// <summary>(w·x + b) / ‖w‖: how far x lies from the hyperplane, positive on the side of class 1. NaN when w is 0.</summary>
    public double SignedDistance(ReadOnlySpan<double> x)
    {
        var norm = 0.0;
        foreach (var weight in Weights)
            norm += weight * weight;
        return norm == 0 ? double.NaN : Activation(x) / Math.Sqrt(norm);
    }

    /// <summary>Learns by the perceptron rule, in the order of the samples, until a pass without a mistake.</summary>
    /// <param name="samples">One row of features per sample.</param>
    /// <param name="targets">The class of each sample: −1 or 1, or 0 or 1, as <see cref="Labels"/> says.</param>
    /// <param name="learningRate">α; 1 by default. It changes the weights' scale more than what is learned.</param>
    /// <param name="maxPasses">The largest number of passes over the samples; 100 by default.</param>
    /// <returns>Mistakes per pass, and whether it converged.</returns>
    /// <exception cref="ArgumentException">Samples and targets differ in number, a row in size, or a target is neither class.</exception>
    public PerceptronReport Fit(IReadOnlyList<double[]> samples, IReadOnlyList<double> targets, double learningRate = 1, int maxPasses = 100)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(learningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(maxPasses);
        Check(samples, targets);
        var mistakes = new List<int>();
        while (mistakes.Count < maxPasses && mistakes is not [.., 0])
        {
            var wrong = 0;
            for (var s = 0; s < samples.Count; s++)
            {
                var error = targets[s] - Predict(samples[s]);
                if (error == 0)
                    continue;
                wrong++;
                for (var i = 0; i < samples[s].Length; i++)
                    _weights[i] += learningRate * error * samples[s][i];
                _weights[^1] += learningRate * error;
            }
            mistakes.Add(wrong);
        }
        return new PerceptronReport(mistakes, samples.Count);
    }

    private void Check(IReadOnlyList<double[]> samples, IReadOnlyList<double> targets)
    {
        if (samples.Count == 0 || samples.Count != targets.Count)
            throw new ArgumentException($"Fit expects at least one sample and one target per sample but got {samples.Count} samples and {targets.Count} targets.");
        for (var s = 0; s < samples.Count; s++)
        {
            if (samples[s].Length != _weights.Length - 1)
                throw ShapeException.Of(nameof(Perceptron), $"{_weights.Length - 1} features", $"{samples[s].Length} in sample {s}");
            if (targets[s] != 1 && targets[s] != _low)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Fit expects targets {_low} or 1 but target {s} is {targets[s]}."));
        }
    }
}

/// <summary>How a perceptron learned.</summary>
/// <param name="MistakesPerPass">The samples that were wrong in each pass, at the moment they were seen.</param>
/// <param name="SampleCount">The number of samples.</param>
public sealed record PerceptronReport(IReadOnlyList<int> MistakesPerPass, int SampleCount)
{
    /// <summary>Whether the last pass had no mistake: the classes are separated.</summary>
    public bool Converged => MistakesPerPass is [.., 0];

    /// <summary>In plain words, with what to do next where it did not converge.</summary>
    public string Explanation => Converged
        ? $"Converged: pass {MistakesPerPass.Count} made no mistake on {Count(SampleCount, "sample", "samples")}, so a hyperplane separates the classes."
        : $"Did not converge in {Count(MistakesPerPass.Count, "pass", "passes")}{LastPass}. "
            + "If more passes do not help, no hyperplane separates the classes (XOR is the classic case), and a perceptron cannot learn them. Use a multi-layer perceptron.";

    private string LastPass => MistakesPerPass switch
    {
        [.., var last] => $": the last one made {Count(last, "mistake", "mistakes")} on {Count(SampleCount, "sample", "samples")}",
        _ => "",
    };

    private static string Count(int number, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : many)}");
}
