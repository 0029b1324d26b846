using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;

namespace Glia.Ops;

/// <summary>An element-wise function y = f(a, b) with broadcasting; gradients are summed over the axes that were broadcast.</summary>
internal sealed class BinaryOperation<TOp>(TOp op) : Operation, IFormulaOperation
    where TOp : struct, IBinaryOperation
{
    public override string Name => typeof(TOp).Name.Replace("Formula", "", StringComparison.Ordinal);

    public T Evaluate<T>(ReadOnlySpan<T> x)
        where T : struct, IReal<T> => op.Forward(x[0], x[1]);

    public override Shape OutputShape(Tensor[] x)
    {
        if (!x[0].DType.IsFloatingPoint())
            throw new ArgumentException($"{Name} works on floating-point numbers but got {x[0].DType}. Convert with To(DType.Float32) first.");
        return Broadcasting.Common(Name, x[0].Shape, x[1].Shape);
    }

    public override void Forward(Backend backend, Tensor[] x, Tensor y) => backend.Binary(op, x[0], x[1], y);

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => Broadcasting.SumTo(Derivative(i, y).Times(dy), Inputs[i].Shape);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents)
    {
        var sum = tangents[0] is { } ta ? Derivative(0, y).Times(ta) : null;
        if (tangents[1] is { } tb)
        {
            var term = Derivative(1, y).Times(tb);
            sum = sum is null ? term : sum + term;
        }
        return sum!.BroadcastTo(y.Shape);
    }

    private TensorReal Derivative(int i, Tensor y)
    {
        var (a, b, result) = (new TensorReal(Inputs[0]), new TensorReal(Inputs[1]), new TensorReal(y));
        return i == 0 ? op.DerivativeA(a, b, result) : op.DerivativeB(a, b, result);
    }
}
