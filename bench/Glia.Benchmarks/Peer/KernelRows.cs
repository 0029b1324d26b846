using Glia.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Glia.Benchmarks.Peer;

/// <summary>The kernels by themselves.</summary>
internal static class KernelRows
{
    public static IEnumerable<Func<Row>> All()
    {
        foreach (var size in new[] { 64, 256, 512, 1024 })
            yield return () => Product($"matmul {size} × {size} × {size}", size, size, size, false, false);
        yield return () => Product("dense forward, 64 × 784 → 128", 64, 128, 784, false, true);
        yield return () => Product("dense input gradient, 64 × 128 → 784", 64, 784, 128, false, false);
        yield return () => Product("dense weight gradient, 64 × 784 → 128", 128, 784, 64, true, false);
        yield return () => Product("dense forward, 1 × 784 → 128", 1, 128, 784, false, true);
        foreach (var (batch, channels, outputs, size, kernel, padding, stride, groups) in Convolutions())
        {
            yield return () => Conv(batch, channels, outputs, size, kernel, padding, stride, groups, gradients: false);
            yield return () => Conv(batch, channels, outputs, size, kernel, padding, stride, groups, gradients: true);
        }
        yield return () => MaxPool(64, 16, 28, 2, 2, 0);
        yield return () => MaxPool(16, 64, 56, 3, 2, 1);
        yield return () => AveragePool(64, 16, 28, 2, 2);
    }

    private static IEnumerable<(int, int, int, int, int, int, int, int)> Convolutions()
    {
        yield return (64, 1, 6, 28, 5, 2, 1, 1);
        yield return (64, 6, 16, 14, 5, 0, 1, 1);
        yield return (32, 32, 64, 28, 3, 1, 1, 1);
        yield return (8, 64, 64, 56, 3, 1, 1, 1);
        yield return (8, 256, 256, 14, 3, 1, 1, 1);
        yield return (8, 64, 128, 56, 3, 1, 2, 1);
        yield return (8, 256, 64, 28, 1, 0, 1, 1);
        yield return (8, 64, 64, 56, 3, 1, 1, 64);
    }

    private static KernelRow Product(string name, int m, int n, int k, bool ta, bool tb)
    {
        var (a, pa) = Operand(1, ta ? [k, m] : [m, k]);
        var (b, pb) = Operand(2, tb ? [n, k] : [k, n]);
        var c = new float[m * n];
        var (va, vb) = (ta ? pa.t() : pa, tb ? pb.t() : pb);
        return new(
            name,
            () => Gemm.Multiply<float>(ta, tb, m, n, k, a, ta ? m : k, b, tb ? k : n, c, n, false),
            () => [va.mm(vb)],
            [c],
            [pa, pb])
        { Flops = 2.0 * m * n * k };
    }

    private static KernelRow Conv(int batch, int channels, int outputs, int size, int kernel, int padding, int stride, int groups, bool gradients)
    {
        var axis = new WindowAxis(size, kernel, stride, padding, padding);
        var g = new ConvGeometry(batch, channels, outputs, groups, WindowAxis.Unit, axis, axis);
        var (x, px) = Operand(1, [batch, channels, size, size]);
        var (w, pw) = Operand(2, [outputs, channels / groups, kernel, kernel]);
        var (dy, pdy) = Operand(3, [batch, outputs, axis.Out, axis.Out]);
        var (y, dx, dw) = (new float[dy.Length], new float[x.Length], new float[w.Length]);
        var flops = 2.0 * y.Length * (channels / groups) * kernel * kernel;
        var kind = groups == 1 ? $"conv {kernel} × {kernel}" : $"depthwise {kernel} × {kernel}";
        var name = $"{kind}{(stride > 1 ? $" / {stride}" : "")}, {batch} × {channels} × {size}² → {outputs}";
        if (!gradients)
        {
            return new(
                name,
                () => Convolution.Forward<float>(g, x, w, y),
                () => [nn.functional.conv2d(px, pw, strides: [stride, stride], padding: [padding, padding], groups: groups)],
                [y],
                [px, pw, pdy])
            { Flops = flops };
        }
        px.requires_grad_(true);
        pw.requires_grad_(true);
        return new(
            $"{name}, with gradients",
            () =>
            {
                Convolution.Forward<float>(g, x, w, y);
                Convolution.InputGradient<float>(g, dy, w, dx);
                Convolution.WeightGradient<float>(g, x, dy, dw);
            },
            () =>
            {
                using var recording = enable_grad();
                var output = nn.functional.conv2d(px, pw, strides: [stride, stride], padding: [padding, padding], groups: groups);
                var grads = autograd.grad([output], [px, pw], [pdy]);
                return [output.detach(), .. grads, output];
            },
            [y, dx, dw],
            [px, pw, pdy])
        {
            Flops = 3 * flops,
            // With one channel libtorch 2.10's gradients are a fifth off those of plain sums in double, which Glia's equal to 2·10⁻⁶.
            Tolerance = channels == 1 ? 1 : 1e-4,
        };
    }

    private static KernelRow MaxPool(int batch, int channels, int size, int kernel, int stride, int padding)
    {
        var axis = new WindowAxis(size, kernel, stride, padding, padding);
        var g = new PoolGeometry(batch * channels, WindowAxis.Unit, axis, axis);
        var (x, px) = Operand(1, [batch, channels, size, size]);
        var y = new float[g.Planes * g.OutPlane];
        var argmax = new int[y.Length];
        return new(
            $"max pool {kernel} / {stride}, {batch} × {channels} × {size}²",
            () => Pooling.MaxForward<float>(g, x, y, argmax),
            () =>
            {
                var (values, indices) = nn.functional.max_pool2d_with_indices(px, [kernel, kernel], [stride, stride], [padding, padding]);
                return [values, indices];
            },
            [y],
            [px])
        { Bytes = 4.0 * (x.Length + y.Length) };
    }

    private static KernelRow AveragePool(int batch, int channels, int size, int kernel, int stride)
    {
        var axis = new WindowAxis(size, kernel, stride);
        var g = new PoolGeometry(batch * channels, WindowAxis.Unit, axis, axis);
        var (x, px) = Operand(1, [batch, channels, size, size]);
        var y = new float[g.Planes * g.OutPlane];
        return new(
            $"average pool {kernel} / {stride}, {batch} × {channels} × {size}²",
            () => Pooling.AverageForward<float>(g, true, x, y),
            () => [nn.functional.avg_pool2d(px, [kernel, kernel], [stride, stride])],
            [y],
            [px])
        { Bytes = 4.0 * (x.Length + y.Length) };
    }

    private static (float[] Values, torch.Tensor Tensor) Operand(int seed, long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        var state = (ulong)seed;
        for (var i = 0; i < values.Length; i++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            values[i] = (float)((double)(state >> 44) / (1 << 19) - 1);
        }
        return (values, tensor(values, shape));
    }
}
