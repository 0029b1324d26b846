using Glia.Autograd;
using Glia.Backends;
using Glia.Replay;
using Glia.Tracing;

namespace Glia;

/// <summary>−ln softmax(x)[target] per row of logits x (rows, classes), with whole-number targets (rows,).</summary>
internal sealed class SoftmaxCrossEntropyOperation : FusedOperation
{
    private Tensor? _probability;

    public override string Name => "CrossEntropy";

    public override bool MixesDTypes => true;

    public override Shape OutputShape(Tensor[] x)
    {
        var (logits, target) = (x[0], x[1]);
        if (logits.Rank != 2 || target.Shape != new Shape(logits.Shape[0]))
            throw ShapeException.Of(Name, "logits (rows, classes) and one target per row", $"{logits.Shape} and {target.Shape}");
        if (target.DType != DType.Int64)
            throw new ArgumentException($"{Name} expects Int64 class indices but got {target.DType}. Convert them with To(DType.Int64).");
        Recorder.Run((target, logits.Shape[1]), static s => Indices.CheckClasses("CrossEntropy", s.target.AsSpan<long>(), s.Item2));
        return target.Shape;
    }

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        _probability = Tensor.Allocate(x[0].Shape, x[0].DType, x[0].Device);
        backend.CrossEntropy(x[0].Shape[0], x[0].Shape[1], x[0], x[1], _probability, y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        var dx = Tensor.Allocate(Inputs[0].Shape, y.DType, y.Device);
        y.Device.Backend.CrossEntropyBackward(dx.Shape[0], dx.Shape[1], _probability!, Inputs[1], dy, dx);
        return dx;
    }

    public override Tensor Decompose(Tensor[] x) => -(x[0].LogSoftmax() * Tensor.OneHot(x[1], x[0].Shape[1], x[0].DType)).Sum(1);
}

public partial class Tensor
{
    /// <summary>1 at the index, 0 elsewhere, along a new last axis of size <paramref name="classes"/>.</summary>
    /// <param name="indices">Int64 indices from 0 to <paramref name="classes"/> − 1.</param>
    /// <param name="classes">The size of the new axis.</param>
    /// <param name="dtype">The type of the result.</param>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public static Tensor OneHot(Tensor indices, int classes, DType dtype = DType.Float32)
    {
        Require(indices);
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new OneHotCall(classes, dtype), indices);
        var y = Zeros(new([.. indices.Shape.Sizes, classes]), dtype, indices.Device);
        Recorder.Run((indices, classes, y), static s => SetOnes(s.indices.AsSpan<long>(), s.classes, s.y));
        return y;
    }

    private static void SetOnes(ReadOnlySpan<long> labels, int classes, Tensor y)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if ((ulong)labels[i] >= (ulong)classes)
                throw new ArgumentException($"OneHot expects indices from 0 to {classes - 1} but got {labels[i]}.");
            y.SetFlat((i * classes) + (int)labels[i], 1);
        }
    }

    /// <summary>
    /// The cross-entropy −ln softmax(logits)[target] of each row, computed stably from logits.
    /// </summary>
    /// <param name="logits">Scores (rows, classes).</param>
    /// <param name="target">Int64 class indices (rows,).</param>
    /// <returns>Losses (rows,).</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor SoftmaxCrossEntropy(Tensor logits, Tensor target) => new SoftmaxCrossEntropyOperation().Apply(Require(logits), Require(target));
}
