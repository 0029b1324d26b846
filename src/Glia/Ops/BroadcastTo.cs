using Glia.Autograd;
using Glia.Backends;
using Glia.Ops;

namespace Glia;

/// <summary>Repeats along axes of size 1 (or missing ones) up to a shape.</summary>
internal sealed class BroadcastToOperation(Shape shape) : Operation
{
    public override string Name => "BroadcastTo";

    public override Shape OutputShape(Tensor[] x) => Shape.TryBroadcast(x[0].Shape, shape, out var result) && result == shape
        ? shape
        : throw ShapeException.Of(Name, $"a shape whose sizes are 1 or those of {shape}, aligned at the last axis,", $"{x[0].Shape}");

    public override void Forward(Backend backend, Tensor[] x, Tensor y) =>
        backend.CopyStrided(y.Shape.Sizes, x[0], new(0, x[0].Shape.BroadcastStrides(y.Shape)), y, new(0, y.Shape.Strides()));

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => Broadcasting.SumTo(dy, Inputs[0].Shape);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => tangents[0]!.BroadcastTo(y.Shape);
}

public partial class Tensor
{
    /// <summary>Repeats the elements along axes of size 1, or axes put in front, up to <paramref name="shape"/>.</summary>
    /// <exception cref="ShapeException">A size is neither 1 nor the one asked for.</exception>
    public Tensor BroadcastTo(Shape shape) =>
        // A trace shows the operation for every size of the batch, also for 1.
        Shape == shape && Tracing.Tracer.Current is null ? this : new BroadcastToOperation(shape).Apply(this);
}
