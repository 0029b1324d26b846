using Glia.Kernels;

namespace Glia.Tests;

/// <summary>Reproducible inputs, and comparisons that say where two tensors differ.</summary>
internal static class Numbers
{
    /// <summary>Every instruction set that can run here; the 128-bit code is portable.</summary>
    public static Isa[] Isas { get; } = [.. IsaSupport.Available.Append(Isa.Neon).Distinct()];

    /// <summary>
    /// Numbers of an interval in random order that all differ clearly, over all tensors together, so that no maximum has a tie and a
    /// finite difference crosses no kink. With an interval around 0 none is 0.
    /// </summary>
    public static Tensor[] Distinct(IReadOnlyList<Shape> shapes, double low, double high, ulong seed, DType dtype = DType.Float64, Device? device = null)
    {
        var total = shapes.Sum(s => s.Count);
        var order = new Rng(seed).Permutation(total);
        var next = 0;
        return [.. shapes.Select(shape =>
        {
            var values = new double[shape.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = low + ((order[next++] + 0.37) * (high - low) / total);
            return Tensor.From(values, shape).To(dtype).To(device ?? Device.Cpu);
        })];
    }

    public static Tensor Normal(Shape shape, ulong seed, DType dtype = DType.Float64) => Tensor.Normal(new Rng(seed), shape, dtype: dtype);

    public static double Dot(Tensor a, Tensor b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Count; i++)
            sum += a.GetFlat(i) * b.GetFlat(i);
        return sum;
    }

    public static double[] ToDoubles(this Tensor x) => x.To(DType.Float64).ToArray<double>();

    public static void Close(Tensor expected, Tensor actual, double rtol, double atol, string what = "result")
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (var i = 0; i < expected.Count; i++)
        {
            var (e, a) = (expected.GetFlat(i), actual.GetFlat(i));
            var same = e.Equals(a) || Math.Abs(e - a) <= atol + (rtol * Math.Abs(e));
            Assert.True(same, $"{what}: element {i} of {expected.Shape} is {a:R}, expected {e:R}");
        }
    }

    public static void SameBits(Tensor expected, Tensor actual, string what = "result")
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.DType, actual.DType);
        Assert.True(expected.Bytes().SequenceEqual(actual.Bytes()), $"{what}: the bits differ");
    }
}

/// <summary>Sets the number of threads and restores it when disposed.</summary>
internal sealed class ThreadsScope : IDisposable
{
    private readonly int _previous = WorkerPool.Threads;

    public ThreadsScope(int threads) => WorkerPool.Threads = threads;

    public void Dispose() => WorkerPool.Threads = _previous;
}
