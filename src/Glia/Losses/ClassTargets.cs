using Glia.Replay;

namespace Glia.Losses;

/// <summary>Class indices taken apart: which class, whether it counts, and how much. Samples and positions become rows.</summary>
internal sealed class ClassTargets
{
    /// <param name="loss">The name of the loss, for errors.</param>
    /// <param name="prediction">(batch, …), classes along one of the axes.</param>
    /// <param name="classAxis">That axis.</param>
    /// <param name="target">Whole numbers of the shape without that axis.</param>
    /// <param name="classWeights">(classes,), or null for all 1.</param>
    /// <param name="ignoreIndex">The index that is not counted.</param>
    public ClassTargets(string loss, Tensor prediction, int classAxis, Tensor target, Tensor? classWeights, long ignoreIndex)
    {
        if (target.Shape != prediction.Shape.Without(classAxis))
        {
            var isSequence = prediction.Rank > 2 && target.Shape == prediction.Shape.Without(-1);
            throw ShapeException.Of(
                loss, $"class indices {prediction.Shape.Without(classAxis)} for predictions {prediction.Shape}", $"{target.Shape}",
                isSequence ? "If the classes lie along the last axis, as in (batch, time, classes), make the loss with classAxis: -1." : null);
        }
        var classes = prediction.Shape[classAxis];
        target = target.To(DType.Int64);
        var ignoresSome = Recorder.Decide(target, ignoreIndex, static (t, ignored) => t.AsSpan<long>().Contains(ignored));
        Recorder.Run((who: $"The {loss}", target, classes, ignoreIndex), static s => Glia.Indices.CheckClasses(s.who, s.target.AsSpan<long>(), s.classes, s.ignoreIndex));
        if (!ignoresSome && classWeights is null)
        {
            Indices = target.Reshape(target.Count);
            return;
        }
        Indices = Tensor.Allocate(target.Count, DType.Int64, target.Device);
        Mask = ignoresSome ? Tensor.Allocate(target.Count, prediction.DType, target.Device) : null;
        Weights = classWeights is null ? Mask : Tensor.Allocate(target.Count, prediction.DType, target.Device);
        Recorder.Run((this, target, classWeights, ignoreIndex), static s => s.Item1.Fill(s.target.AsSpan<long>(), s.classWeights, s.ignoreIndex));
    }

    private void Fill(ReadOnlySpan<long> labels, Tensor? classWeights, long ignoreIndex)
    {
        var indices = Indices.Span<long>();
        for (var i = 0; i < labels.Length; i++)
        {
            var counts = labels[i] != ignoreIndex;
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

    /// <summary>Rows of classes, one for each sample and position.</summary>
    public static Tensor Rows(Tensor x, int classAxis)
    {
        var axis = x.Shape.NormalizeAxis(classAxis);
        if (x.Rank == 2 && axis == 1)
            return x;
        if (axis < x.Rank - 1)
            x = x.Permute([.. Enumerable.Range(0, x.Rank).Where(i => i != axis), axis]);
        return x.Reshape(x.Count / Math.Max(1, x.Shape[-1]), x.Shape[-1]);
    }

    public static void RequireClassAxis(string loss, Tensor prediction, int classAxis, Tensor? classWeights)
    {
        if (prediction.Rank < 2 || classAxis >= prediction.Rank || classAxis < 1 - prediction.Rank || prediction.Shape[classAxis] == 0)
        {
            throw ShapeException.Of(
                loss, classAxis == 1 ? "predictions (batch, classes) or (batch, classes, …)" : $"predictions with a batch and classes along axis {classAxis}",
                $"{prediction.Shape}");
        }
        if (classWeights is not null && classWeights.Shape != new Shape(prediction.Shape[classAxis]))
            throw ShapeException.Of(loss, $"one class weight for each class, ({prediction.Shape[classAxis]},),", $"{classWeights.Shape}");
    }

    /// <exception cref="ArgumentOutOfRangeException">The axis is that of the batch.</exception>
    public static int RequireNotBatch(int classAxis) => classAxis != 0
        ? classAxis
        : throw new ArgumentOutOfRangeException(nameof(classAxis), classAxis, "The class axis must not be 0, the batch. Take 1 for (batch, classes, …), or -1 for (batch, …, classes).");
}
