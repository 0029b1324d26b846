using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>
/// Convolution with a kernel of one element, every position: y = w·x per image, a plain product of matrices, and so is the gradient with respect to x, wᵀ·dy. For
/// 256-bit vectors its panels are better than reading planes where they lie: 16 numbers of each of many planes cost the processor a page a step.
/// </summary>
internal static unsafe class PointwiseProduct<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Smaller planes leave too many columns of a panel empty.
    private const int FewPositions = 32;
    private const int FewChannels = 16;

    // From so many on, images are shared among threads; fewer are shared by parts of their product.
    private const int ManyImages = 8;

    public static bool Suits(in ConvGeometry g)
        => typeof(V) == typeof(Vector256<T>) && g.Groups == 1 && g.InPlane is >= FewPositions and <= int.MaxValue
            && Math.Min(g.InChannels, g.OutChannels) >= FewChannels && IsPlain(g.Depth) && IsPlain(g.Height) && IsPlain(g.Width);

    public static void Forward(in ConvGeometry g, T* x, T* w, T* y) => Run(g.Batch, g.OutChannels, g.InChannels, (int)g.InPlane, w, g.InChannels, 1, x, y);

    public static void InputGradient(in ConvGeometry g, T* dx, T* w, T* dy) => Run(g.Batch, g.InChannels, g.OutChannels, (int)g.InPlane, w, 1, g.InChannels, dy, dx);

    private static bool IsPlain(WindowAxis axis) => axis is { Kernel: 1, Stride: 1, PadBefore: 0, PadAfter: 0 };

    private static void Run(int batch, int rows, int steps, int plane, T* w, nint rowStride, nint stepStride, T* from, T* to)
    {
        var job = new Job
        {
            Product = new()
            {
                M = rows,
                N = plane,
                K = steps,
                A = w,
                B = from,
                C = to,
                ARow = rowStride,
                AColumn = stepStride,
                BRow = plane,
                BColumn = 1,
                CRow = plane,
            },
        };
        WorkerPool.For(batch, batch >= ManyImages, ref job);
    }

    private struct Job : IParallelJob
    {
        public GemmProblem<T> Product;

        public readonly void Run(int image)
        {
            var product = Product;
            product.B += (nint)image * product.K * product.N;
            product.C += (nint)image * product.M * product.N;
            Gemm.Multiply(product);
        }
    }
}
