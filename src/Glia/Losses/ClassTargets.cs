namespace Glia.Losses;

/// <summary>Class indices taken apart: which class, whether it counts, and how much. Positions after the class axis become rows.</summary>
internal sealed class ClassTargets
{
    /// <param name="loss">The name of the loss, for errors.</param>
    /// <param name="prediction">(batch, classes, …).</param>
    /// <param name="target">Whole numbers (batch, …).</param>
    /// <param name="classWeights">(classes,), or null for all 1.</param>
    /// <param name="ignoreIndex">The index that is not counted.</param>
    public ClassTargets(string loss, Tensor prediction, Tensor target, Tensor? classWeights, long ignoreIndex)
    {
        if (target.Shape != prediction.Shape.Without(1))
            throw ShapeException.Of(loss, $"class indices {prediction.Shape.Without(1)} for predictions {prediction.Shape}", $"{target.Shape}");
        var classes = prediction.Shape[1];
        var labels = target.To(DType.Int64).AsSpan<long>();
        var ignoresSome = labels.Contains(ignoreIndex);
        Indices = Tensor.Allocate(labels.Length, DType.Int64, target.Device);
        Mask = ignoresSome ? Tensor.Allocate(labels.Length, prediction.DType, target.Device) : null;
        Weights = classWeights is null ? Mask : Tensor.Allocate(labels.Length, prediction.DType, target.Device);
        var indices = Indices.Span<long>();
        for (var i = 0; i < labels.Length; i++)
        {
            var counts = labels[i] != ignoreIndex;
            if (counts && (ulong)labels[i] >= (ulong)classes)
            {
                throw new ArgumentException(
                    $"The {loss} expects class indices from 0 to {classes - 1} but target {i} is {labels[i]}. Does the model have one output per class?");
            }
            indices[i] = counts ? labels[i] : 0;
            Mask?.SetFlat(i, counts ? 1 : 0);
            if (classWeights is not null)
                Weights!.SetFlat(i, counts ? classWeights.GetFlat((int)labels[i]) : 0);
        }
    }

    /// <summary>The classes, (rows,); 0 for those that are not counted.</summary>
    public Tensor Indices { get; }

    /// <summary>1 for counted rows, 0 for others; null when all are counted.</summary>
    public Tensor? Mask { get; }

    /// <summary>The class weight of each counted row, 0 for others; null when all are 1.</summary>
    public Tensor? Weights { get; }

    /// <summary>(batch, classes, d₁, …) as rows of classes, one for each sample and position.</summary>
    public static Tensor Rows(Tensor x)
    {
        if (x.Rank == 2)
            return x;
        int[] order = [0, .. Enumerable.Range(2, x.Rank - 2), 1];
        return x.Permute(order).Reshape(x.Count / Math.Max(1, x.Shape[1]), x.Shape[1]);
    }

    public static void RequireClassAxis(string loss, Tensor prediction, Tensor? classWeights)
    {
        if (prediction.Rank < 2 || prediction.Shape[1] == 0)
            throw ShapeException.Of(loss, "predictions (batch, classes) or (batch, classes, …)", $"{prediction.Shape}");
        if (classWeights is not null && classWeights.Shape != new Shape(prediction.Shape[1]))
            throw ShapeException.Of(loss, $"one class weight for each class, ({prediction.Shape[1]},),", $"{classWeights.Shape}");
    }
}
