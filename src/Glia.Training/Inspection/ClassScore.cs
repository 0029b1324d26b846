namespace Glia.Training.Inspection;

/// <summary>The score of one class for each sample, to be differentiated.</summary>
internal static class ClassScore
{
    /// <summary>
    /// The sum of the chosen outputs: of (batch, classes) the column of each sample's class; of (batch, 1) the output for class 1 and its negative for class 0. Samples do not look
    /// at each other in inference, so the gradient of the sum holds that of each sample.
    /// </summary>
    public static Tensor Sum(Tensor output, IReadOnlyList<int> classes)
    {
        if (output.Rank != 2)
            throw new ShapeException($"The score of a class is taken from an output (batch, classes), but the model gives {output.Shape}.");
        var (batch, count) = (output.Shape[0], output.Shape[1]);
        if (classes.Count != batch)
            throw new ArgumentException($"There are {batch} samples but {classes.Count} classes; give the class of each.", nameof(classes));
        if (classes.Any(c => c < 0 || c >= Math.Max(2, count)))
            throw new ArgumentException($"Classes are numbers from 0 to {Math.Max(2, count) - 1}, but got {classes.First(c => c < 0 || c >= Math.Max(2, count))}.", nameof(classes));
        if (count == 1)
            return (output * Tensor.From([.. classes.Select(c => c == 0 ? -1f : 1f)], (batch, 1)).To(output.DType)).Sum();
        return output.Gather(1, Tensor.From([.. classes.Select(c => (long)c)], (batch, 1))).Sum();
    }

    public static void RequireRecording(string who)
    {
        if (!Gradients.AreRecorded)
            throw new InvalidOperationException($"{who} needs gradients, but they are not recorded here. Call it outside of Gradients.NoGrad().");
    }
}
