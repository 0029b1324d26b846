using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>
/// Normalisation of each row of a matrix by its own mean and biased variance, with a scale γ and a shift β per column: layer, group and instance
/// normalisation. Each row stays in the nearest cache from its first pass to its last; its sums depend on the sizes alone.
/// </summary>
internal static unsafe class RowNormalization
{
    /// <summary>y = γ·(x − mean)·s + β with s = 1 / √(variance + ε) per row; mean and s are kept. γ and β are both there or both empty.</summary>
    public static void Forward<T>(
        int rows, int columns, double epsilon, ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> beta, Span<T> y, Span<T> mean, Span<T> inverseStd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A pointer to an empty span is null.
        fixed (T* px = x, pg = gamma, pb = beta, py = y, pm = mean, ps = inverseStd)
        {
            Run(new RowNormalizationSizes<T>
            {
                Rows = rows,
                Columns = columns,
                Epsilon = epsilon,
                X = px,
                Gamma = pg,
                Beta = pb,
                Y = py,
                Mean = pm,
                InverseStd = ps,
            });
        }
    }

    /// <summary>
    /// With x̂ = (x − mean)·s and g = γ·dy: dx = s·(g − mean(g) − x̂·mean(g·x̂)) per row; dγ = Σ dy·x̂ and dβ = Σ dy over the rows, if there is a γ.
    /// </summary>
    public static void Backward<T>(
        int rows, int columns, ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverseStd, ReadOnlySpan<T> dy, Span<T> dx,
        Span<T> dgamma, Span<T> dbeta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        dgamma.Clear();
        dbeta.Clear();
        fixed (T* px = x, pg = gamma, pm = mean, ps = inverseStd, pdy = dy, pdx = dx, pdg = dgamma, pdb = dbeta)
        {
            Run(new RowNormalizationSizes<T>
            {
                IsBackward = true,
                Rows = rows,
                Columns = columns,
                X = px,
                Gamma = pg,
                Mean = pm,
                InverseStd = ps,
                Dy = pdy,
                Y = pdx,
                Dgamma = pdg,
                Dbeta = pdb,
            });
        }
    }

    private static void Run<T>(in RowNormalizationSizes<T> sizes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (sizes.Rows == 0 || sizes.Columns == 0)
            return;
        switch (IsaSupport.Current)
        {
            case Isa.Avx512: RowNormalizationJob<Simd512<T>, Vector512<T>, T>.Run(sizes); break;
            case Isa.Avx2: RowNormalizationJob<Simd256<T>, Vector256<T>, T>.Run(sizes); break;
            case Isa.Neon: RowNormalizationJob<Simd128<T>, Vector128<T>, T>.Run(sizes); break;
            default: RowNormalizationJob<SimdScalar<T>, T, T>.Run(sizes); break;
        }
    }
}

/// <summary>What the passes of a row normalisation work on; Y is y, or dx.</summary>
internal unsafe struct RowNormalizationSizes<T>
    where T : unmanaged
{
    public bool IsBackward;
    public int Rows, Columns;
    public double Epsilon;
    public T* X, Gamma, Beta, Y, Mean, InverseStd, Dy, Dgamma, Dbeta;
}
