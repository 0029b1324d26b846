using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;
using Glia.Tracing;

namespace Glia;

/// <summary>A choice between two tensors by a mask, all of one shape.</summary>
internal sealed class WhereOperation : Operation
{
    public override string Name => "Where";

    public override bool MixesDTypes => true;

    public override DType OutputDType(Tensor[] x) => x[1].DType;

    public override Shape OutputShape(Tensor[] x) => x[1].DType == x[2].DType
        ? x[0].Shape
        : throw new ArgumentException($"Where got {x[1].DType} and {x[2].DType}. Convert one of them with To(DType).");

    public override void Forward(Backend backend, Tensor[] x, Tensor y) => backend.Where(x[0], x[1], x[2], y);

    public override Tensor? InputGradient(int i, Tensor y, Tensor dy)
    {
        var zero = Tensor.Scalar(0, dy.DType, dy.Device);
        return i == 1 ? Tensor.Where(Inputs[0], dy, zero) : Tensor.Where(Inputs[0], zero, dy);
    }

    public override Tensor Tangent(Tensor y, Tensor?[] tangents)
    {
        var zero = Tensor.Zeros(y.Shape, y.DType, y.Device);
        return Tensor.Where(Inputs[0], tangents[1] ?? zero, tangents[2] ?? zero);
    }
}

public partial class Tensor
{
    /// <summary>
    /// <paramref name="a"/> where <paramref name="mask"/> is true (or not 0), else <paramref name="b"/>, with broadcasting. No gradient flows
    /// into the one not chosen, so that it may hold NaN or infinity there.
    /// </summary>
    public static Tensor Where(Tensor mask, Tensor a, Tensor b)
    {
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new WhereCall(), mask.To(DType.Bool), a, b);
        var shape = Ops.Broadcasting.Common("Where", Ops.Broadcasting.Common("Where", Require(mask).Shape, Require(a).Shape), Require(b).Shape);
        return new WhereOperation().Apply(mask.To(DType.Bool).BroadcastTo(shape), a.BroadcastTo(shape), b.BroadcastTo(shape));
    }

    /// <summary>a &gt; b, element by element with broadcasting, as Bool; false where either is NaN.</summary>
    public static Tensor Greater(Tensor a, Tensor b) => Compare(Comparison.Greater, a, b);

    /// <summary>a &lt; b, element by element with broadcasting, as Bool; false where either is NaN.</summary>
    public static Tensor Less(Tensor a, Tensor b) => Compare(Comparison.Greater, b, a);

    /// <summary>a ≥ b, element by element with broadcasting, as Bool; false where either is NaN.</summary>
    public static Tensor GreaterOrEqual(Tensor a, Tensor b) => Compare(Comparison.GreaterOrEqual, a, b);

    /// <summary>a = b, element by element with broadcasting, as Bool; false where either is NaN.</summary>
    public static Tensor EqualTo(Tensor a, Tensor b) => Compare(Comparison.Equal, a, b);

    internal static Tensor Compare(Comparison comparison, Tensor a, Tensor b)
    {
        if (Require(a).DType != Require(b).DType)
            throw new ArgumentException($"{comparison} got {a.DType} and {b.DType}. Convert one of them with To(DType).");
        if (Tracer.Current is { } tracer)
            return tracer.Whole(new CompareCall(comparison), a, b);
        var shape = Ops.Broadcasting.Common(comparison.ToString(), a.Shape, b.Shape);
        var y = Allocate(shape, DType.Bool, a.Device);
        using (GradientMode.Set(recording: false))
            a.Device.Backend.Compare(comparison, a.BroadcastTo(shape), b.BroadcastTo(shape), y);
        return y;
    }
}
