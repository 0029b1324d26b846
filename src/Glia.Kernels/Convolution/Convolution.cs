using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>
/// Convolution (cross-correlation: the kernel is not flipped) over one to three axes, with its gradients.
/// Results do not depend on the number of threads.
/// </summary>
internal static unsafe class Convolution
{
    /// <summary>y[n, o, p] = Σ_c Σ_k x[n, c, p · stride + k · dilation − pad] · w[o, c, k], c over the group of o; every element of y is written.</summary>
    /// <param name="g">The sizes.</param>
    /// <param name="x">The input.</param>
    /// <param name="w">The weights.</param>
    /// <param name="y">The output.</param>
    /// <param name="prepared">What earlier calls of the same geometry and weights kept; null for weights that may change.</param>
    /// <exception cref="ArgumentException">The geometry is impossible or a span too short for it.</exception>
    public static void Forward<T>(in ConvGeometry g, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y, PreparedConvolution? prepared = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        g.Validate(x.Length, w.Length, y.Length);
        fixed (T* px = x, pw = w, py = y)
            Dispatch(Direction.Forward, g, px, pw, py, prepared);
        GC.KeepAlive(prepared);
    }

    /// <summary>The gradient with respect to x, given that of y; every element of dx is written.</summary>
    /// <exception cref="ArgumentException">The geometry is impossible or a span too short for it.</exception>
    public static void InputGradient<T>(in ConvGeometry g, ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        g.Validate(dx.Length, w.Length, dy.Length);
        fixed (T* px = dx, pw = w, py = dy)
            Dispatch(Direction.Input, g, px, pw, py);
    }

    /// <summary>The gradient with respect to w, given that of y and the input x; every element of dw is written.</summary>
    /// <exception cref="ArgumentException">The geometry is impossible or a span too short for it.</exception>
    public static void WeightGradient<T>(in ConvGeometry g, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        g.Validate(x.Length, dw.Length, dy.Length);
        fixed (T* px = x, pw = dw, py = dy)
            Dispatch(Direction.Weight, g, px, pw, py);
    }

    private enum Direction
    {
        Forward,
        Input,
        Weight,
    }

    private static void Dispatch<T>(Direction direction, in ConvGeometry g, T* x, T* w, T* y, PreparedConvolution? prepared = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (IsaSupport.Current)
        {
            case Isa.Avx512:
                Run<Simd512<T>, Vector512<T>, MicroKernel12<Simd512<T>, Vector512<T>, T>, T>(direction, g, x, w, y, prepared);
                break;
            case Isa.Avx2:
                Run<Simd256<T>, Vector256<T>, MicroKernel6<Simd256<T>, Vector256<T>, T>, T>(direction, g, x, w, y, prepared);
                break;
            case Isa.Neon:
                Run<Simd128<T>, Vector128<T>, MicroKernel12<Simd128<T>, Vector128<T>, T>, T>(direction, g, x, w, y, prepared);
                break;
            default:
                Run<SimdScalar<T>, T, MicroKernel6<SimdScalar<T>, T, T>, T>(direction, g, x, w, y, prepared);
                break;
        }
    }

    private static void Run<S, V, TKernel, T>(Direction direction, in ConvGeometry g, T* x, T* w, T* y, PreparedConvolution? prepared = null)
        where S : struct, ISimd<V, T>
        where V : unmanaged
        where TKernel : struct, IMicroKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (direction == Direction.Weight)
            RunWeight<S, V, TKernel, T>(g, x, w, y);
        else if (g.Batch == 0)
            return;
        else if (PointwiseProduct<V, T>.Suits(g) && direction == Direction.Forward)
            PointwiseProduct<V, T>.Forward(g, x, w, y);
        else if (PointwiseProduct<V, T>.Suits(g))
            PointwiseProduct<V, T>.InputGradient(g, x, w, y);
        else if (direction == Direction.Forward && Winograd.Suits<T>(g, g.Height.Out, g.Width.Out))
            WinogradProduct<S, V, TKernel, T>.Forward(g, x, w, y, prepared);
        else if (direction == Direction.Input && Winograd.Suits<T>(g, g.Height.In, g.Width.In))
            WinogradProduct<S, V, TKernel, T>.InputGradient(g, y, w, x);
        else if (direction == Direction.Forward)
            ConvForward<S, V, TKernel, T>.Run(g, x, w, y, prepared);
        else
            ConvInputGradient<S, V, TKernel, T>.Run(g, y, w, x);
    }

    private static void RunWeight<S, V, TKernel, T>(in ConvGeometry g, T* x, T* w, T* y)
        where S : struct, ISimd<V, T>
        where V : unmanaged
        where TKernel : struct, IMicroKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Winograd.SuitsKernelGradient<T>(g))
            WinogradWeightGradient<S, V, TKernel, T>.Run(g, x, y, w);
        else if (WideWeightGradient<S, V, TKernel, T>.Suits(g))
            WideWeightGradient<S, V, TKernel, T>.Run(g, x, y, w);
        else if (SmallWeightGradient<S, V, T>.Suits(g))
            SmallWeightGradient<S, V, T>.Run(g, x, y, w);
        else
            ConvWeightGradient<S, V, T>.Run(g, x, y, w);
    }
}
