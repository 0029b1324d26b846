using Glia.Data;
using Glia.Layers;

namespace Glia.Cli.Problems;

/// <summary>
/// How a perceptron is read: a classifier with one output, w·x + b, whose sign decides between two classes. It has no probabilities; what it has is the
/// distance from the separating hyperplane.
/// </summary>
internal static class SignDecision
{
    /// <summary>Whether the network of a model decides in this way.</summary>
    public static bool Applies(SequentialNetwork network, Preparation preparation) =>
        preparation.Classes.Count == 2 && network.ResultShape == new Shape(1) && network.Layers is [.., Dense];

    /// <summary>What a classifier gives, in a line.</summary>
    public static string Describe(SequentialNetwork network, IReadOnlyList<string> classes) =>
        $"one of {classes.Count} classes: {ClosestName.List(classes)}{(network.ResultShape == new Shape(1) ? ", by the sign of the output" : "")}";

    /// <summary>The class: 0 below the hyperplane, 1 on and above it.</summary>
    public static int Class(float output) => output < 0 ? 0 : 1;

    /// <summary>1 for the class of each output and 0 for the other, in two columns.</summary>
    public static Tensor Scores(Tensor outputs)
    {
        var scores = new float[2 * outputs.Count];
        var values = outputs.AsSpan<float>();
        for (var i = 0; i < values.Length; i++)
            scores[(2 * i) + Class(values[i])] = 1;
        return Tensor.From(scores, (values.Length, 2));
    }

    /// <summary>‖w‖, by which an output is divided to be the signed distance from the hyperplane; 1 where w is 0.</summary>
    public static double Norm(SequentialNetwork network)
    {
        var norm = Math.Sqrt(((Dense)network.Layers[^1]).Weight.ToArray<float>().Sum(w => (double)w * w));
        return norm == 0 ? 1 : norm;
    }
}
