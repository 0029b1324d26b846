using Glia.Kernels;

namespace Glia.Ops;

/// <summary>
/// A whole tensor, or a constant, as a number: an element-wise formula evaluated over it is recorded like any other tensor
/// expression, so that the derivative of the derivative comes for free.
/// </summary>
internal readonly struct TensorReal : IReal<TensorReal>
{
    private readonly Tensor? _tensor;
    private readonly double _constant;

    public TensorReal(Tensor tensor) => _tensor = tensor;

    private TensorReal(double constant) => _constant = constant;

    public static TensorReal Constant(double value) => new(value);

    /// <summary>This number times a tensor; a constant 1 leaves the tensor as it is.</summary>
    public Tensor Times(Tensor other) => _tensor is null && _constant == 1 ? other : (new TensorReal(other) * this)._tensor!;

    public static TensorReal operator +(TensorReal a, TensorReal b) => (a._tensor, b._tensor) switch
    {
        (null, null) => new(a._constant + b._constant),
        ({ } x, null) => b._constant == 0 ? a : new(x + b._constant),
        (null, { } y) => b + a,
        ({ } x, { } y) => new(x + y),
    };

    public static TensorReal operator -(TensorReal a, TensorReal b) => (a._tensor, b._tensor) switch
    {
        (null, null) => new(a._constant - b._constant),
        ({ } x, null) => new(x - b._constant),
        (null, { } y) => new(a._constant - y),
        ({ } x, { } y) => new(x - y),
    };

    public static TensorReal operator *(TensorReal a, TensorReal b) => (a._tensor, b._tensor) switch
    {
        (null, null) => new(a._constant * b._constant),
        ({ } x, null) => b._constant == 1 ? a : new(x * b._constant),
        (null, { } y) => b * a,
        ({ } x, { } y) => new(x * y),
    };

    public static TensorReal operator /(TensorReal a, TensorReal b) => (a._tensor, b._tensor) switch
    {
        (null, null) => new(a._constant / b._constant),
        ({ } x, null) => new(x / b._constant),
        (null, { } y) => new(a._constant / y),
        ({ } x, { } y) => new(x / y),
    };

    public static TensorReal operator -(TensorReal a) => a._tensor is { } x ? new(-x) : new(-a._constant);

    public static TensorReal Abs(TensorReal a) => a._tensor is { } x ? new(x.Abs()) : new(Math.Abs(a._constant));

    public static TensorReal Sqrt(TensorReal a) => a._tensor is { } x ? new(x.Sqrt()) : new(Math.Sqrt(a._constant));

    public static TensorReal Exp(TensorReal a) => a._tensor is { } x ? new(x.Exp()) : new(Math.Exp(a._constant));

    public static TensorReal Log(TensorReal a) => a._tensor is { } x ? new(x.Log()) : new(Math.Log(a._constant));

    public static TensorReal Log1p(TensorReal a) => a._tensor is { } x ? new(x.Log1p()) : new(double.LogP1(a._constant));

    public static TensorReal Tanh(TensorReal a) => a._tensor is { } x ? new(x.Tanh()) : new(Math.Tanh(a._constant));

    public static TensorReal Sigmoid(TensorReal a) => a._tensor is { } x ? new(x.Sigmoid()) : new(1 / (1 + Math.Exp(-a._constant)));

    public static TensorReal Erf(TensorReal a) => new((a._tensor ?? throw NoConstant()).Erf());

    public static TensorReal Pow(TensorReal a, TensorReal b) => (a._tensor, b._tensor) switch
    {
        ({ } x, null) => new(x.Pow(b._constant)),
        ({ } x, { } y) => new(Tensor.Pow(x, y)),
        _ => throw NoConstant(),
    };

    public static TensorReal Floor(TensorReal a) => new((a._tensor ?? throw NoConstant()).Floor());

    public static TensorReal Sin(TensorReal a) => a._tensor is { } x ? new(x.Sin()) : new(Math.Sin(a._constant));

    public static TensorReal Cos(TensorReal a) => a._tensor is { } x ? new(x.Cos()) : new(Math.Cos(a._constant));

    public static TensorReal Greater(TensorReal a, TensorReal b) => Compare(a, b, Comparison.Greater);

    public static TensorReal Equal(TensorReal a, TensorReal b) => Compare(a, b, Comparison.Equal);

    public static TensorReal Select(TensorReal mask, TensorReal whenTrue, TensorReal whenFalse)
    {
        if (mask._tensor is not { } m)
            return mask._constant != 0 ? whenTrue : whenFalse;
        // Two constants take the type of the numbers that were compared, which the mask has lost: floating-point by its twin.
        var like = whenTrue._tensor ?? whenFalse._tensor ?? m;
        return new(Tensor.Where(m, whenTrue.AsTensor(like), whenFalse.AsTensor(like)));
    }

    private static TensorReal Compare(TensorReal a, TensorReal b, Comparison comparison)
    {
        var like = a._tensor ?? b._tensor;
        if (like is null)
            return new((comparison == Comparison.Greater ? a._constant > b._constant : a._constant == b._constant) ? 1 : 0);
        // The mask keeps the numbers' own type (1 or 0), so that a selection between constants has a type to take.
        return new(Tensor.Compare(comparison, a.AsTensor(like), b.AsTensor(like)).To(like.DType));
    }

    private static InvalidOperationException NoConstant() => new("No formula applies this function to a constant.");

    private Tensor AsTensor(Tensor like) => _tensor ?? Tensor.Scalar(_constant, like.DType, like.Device);
}
