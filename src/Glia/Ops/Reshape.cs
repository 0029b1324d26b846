using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>The same elements under another shape; shares the memory.</summary>
internal sealed class ReshapeOperation(Shape shape) : Operation
{
    public override string Name => "Reshape";

    public override Shape OutputShape(Tensor[] x) => shape.Count == x[0].Count
        ? shape
        : throw ShapeException.Of(Name, $"{shape.Count} elements for shape {shape}", $"{x[0].Count} from {x[0].Shape}");

    public override void Forward(Backend backend, Tensor[] x, Tensor y) => throw new InvalidOperationException("A view computes nothing.");

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => dy.Reshape(Inputs[0].Shape);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => tangents[0]!.Reshape(y.Shape);

    protected override Tensor Run(Device device, Tensor[] x, Shape shape) => x[0].View(0, shape);
}

public partial class Tensor
{
    /// <summary>The same elements under another shape; one size may be −1 and follows from the rest. Shares the memory.</summary>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        var unknown = sizes.IndexOf(-1);
        if (unknown < 0)
            return Reshape(new Shape(sizes));
        var known = 1;
        foreach (var size in sizes)
            known *= size == -1 ? 1 : size;
        if (known <= 0 || Count % known != 0 || sizes[(unknown + 1)..].Contains(-1))
            throw ShapeException.Of("Reshape", $"one size of −1 and {Count} elements to be divisible by the others", $"({string.Join(", ", sizes.ToArray())}) for {Shape}");
        var resolved = sizes.ToArray();
        resolved[unknown] = Count / known;
        return Reshape(new Shape(resolved));
    }

    /// <inheritdoc cref="Reshape(ReadOnlySpan{int})"/>
    public Tensor Reshape(Shape shape) => new ReshapeOperation(shape).Apply(this);
}
