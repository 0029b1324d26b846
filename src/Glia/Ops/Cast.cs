using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>The same values in another type.</summary>
internal sealed class CastOperation(DType dtype) : Operation
{
    public override string Name => "Cast";

    public override DType OutputDType(Tensor[] x) => dtype;

    public override Shape OutputShape(Tensor[] x) => x[0].Shape;

    public override void Forward(Backend backend, Tensor[] x, Tensor y) => backend.Cast(x[0], y);

    public override Tensor? InputGradient(int i, Tensor y, Tensor dy) => dtype.IsFloatingPoint() ? dy.To(Inputs[0].DType) : null;

    public override Tensor? Tangent(Tensor y, Tensor?[] tangents) => dtype.IsFloatingPoint() ? tangents[0]!.To(dtype) : null;
}

public partial class Tensor
{
    /// <summary>
    /// The values converted to another type: whole numbers lose their fraction and saturate, Bool is true for everything but 0.
    /// </summary>
    public Tensor To(DType dtype)
    {
        if (dtype == DType)
            return this;
        if (dtype.IsFloatingPoint())
            return new CastOperation(dtype).Apply(this);
        // Whole numbers and truth values have no gradient: the result is a leaf.
        using (GradientMode.Set(recording: false))
            return new CastOperation(dtype).Apply(this);
    }

    /// <summary>A copy of the values on another device.</summary>
    public Tensor To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device == Device)
            return this;
        var copy = Allocate(Shape, DType, device);
        Bytes().CopyTo(copy.Bytes());
        return copy;
    }
}
