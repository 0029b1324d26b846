using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;

namespace Glia.Ops;

/// <summary>An element-wise function y = f(x). Its Jacobian is diagonal, so that one derivative serves both modes.</summary>
internal sealed class UnaryOperation<TOp>(TOp op) : Operation, IFormulaOperation
    where TOp : struct, IUnaryOperation
{
    public static string FormulaName { get; } = typeof(TOp).Name.Replace("Formula", "", StringComparison.Ordinal);

    public override string Name => FormulaName;

    /// <summary>The formula, with its settings.</summary>
    public TOp Formula => op;

    public T Evaluate<T>(ReadOnlySpan<T> x)
        where T : struct, IReal<T> => op.Forward(x[0]);

    public override Shape OutputShape(Tensor[] x)
    {
        if (!x[0].DType.IsFloatingPoint())
            throw new ArgumentException($"{Name} works on floating-point numbers but got {x[0].DType}. Convert with To(DType.Float32) first.");
        return x[0].Shape;
    }

    public override void Forward(Backend backend, Tensor[] x, Tensor y) => backend.Unary(op, x[0], y);

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        if (GradientMode.IsRecording)
            return Derivative(Inputs[0], y).Times(dy);
        var dx = Tensor.Allocate(y.Shape, y.DType, y.Device);
        y.Device.Backend.UnaryBackward(op, Inputs[0], y, dy, dx);
        return dx;
    }

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => Derivative(Inputs[0], y).Times(tangents[0]!);

    private TensorReal Derivative(Tensor x, Tensor y) => op.Derivative(new TensorReal(x), new TensorReal(y));
}
