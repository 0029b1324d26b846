namespace Glia;

public partial class Tensor
{
    /// <summary>ln Σ eˣ over all axes, or over those given, shifted by the maximum so that nothing overflows; the gradient is the softmax.</summary>
    /// <param name="axes">The axes to reduce; all when empty.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with size 1.</param>
    public Tensor LogSumExp(ReadOnlySpan<int> axes, bool keepDims = false)
    {
        var max = Detach().Max(axes, keepDims: true);
        // Where everything is −∞ (or something is ∞) there is nothing to shift by.
        var shift = Where(Less(max.Abs(), Scalar(double.PositiveInfinity, DType, Device)), max, Scalar(0, DType, Device));
        var sum = (this - shift).Exp().Sum(axes, keepDims);
        return sum.Log() + shift.Reshape(sum.Shape);
    }

    /// <summary>The p-norm (Σ |x|ᵖ)^(1/p) over all axes, or over those given; the gradient at 0 is 0.</summary>
    /// <param name="axes">The axes to reduce; all when empty.</param>
    /// <param name="p">The order, at least 1; 2 (Euclidean) by default; ∞ gives the largest |x|, of which equal ones share the gradient.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with size 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is below 1.</exception>
    public Tensor Norm(ReadOnlySpan<int> axes, double p = 2, bool keepDims = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(p, 1);
        if (double.IsPositiveInfinity(p))
            return Abs().Max(axes, keepDims);
        if (p == 1)
            return Abs().Sum(axes, keepDims);
        var powers = p == 2 ? Square() : Abs().Pow(p);
        var sum = powers.Sum(axes, keepDims);
        // The root is infinitely steep at 0: there it is taken of 1 instead, and not used.
        var isZero = EqualTo(sum, Scalar(0, DType, Device));
        var safe = Where(isZero, Scalar(1, DType, Device), sum);
        return Where(isZero, Scalar(0, DType, Device), p == 2 ? safe.Sqrt() : safe.Pow(1 / p));
    }

    /// <summary>The standard deviation over all axes, or over those given: the root of <see cref="Variance"/>.</summary>
    /// <param name="axes">The axes to reduce; all when empty.</param>
    /// <param name="correction">0 for the biased deviation, 1 for the unbiased one.</param>
    /// <param name="keepDims">Whether the reduced axes stay, with size 1.</param>
    public Tensor StandardDeviation(ReadOnlySpan<int> axes, int correction = 0, bool keepDims = false) => Variance(axes, correction, keepDims).Sqrt();
}
