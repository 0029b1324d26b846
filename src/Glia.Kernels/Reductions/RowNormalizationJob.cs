using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>The rows of <see cref="RowNormalization"/> in blocks; each block sums its rows' part of dγ and dβ, and the parts are added in order.</summary>
internal unsafe struct RowNormalizationJob<S, V, T> : IParallelJob
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int WorkPerItem = 1 << 14;

    // So many rows are summed to one part of dγ: enough to make the adding of the parts cheap, and few enough to round little.
    private const int LeastRows = 64;

    // Numbers summed in T before their sum goes to double.
    private const int BlockLength = 4096;

    private RowNormalizationSizes<T> _s;
    private int _rowsPerItem;
    private T* _parts;

    public static void Run(in RowNormalizationSizes<T> sizes)
    {
        var job = new RowNormalizationJob<S, V, T> { _s = sizes };
        var sums = sizes.Dgamma != null;
        job._rowsPerItem = Math.Max(sums ? LeastRows : 1, WorkPerItem / sizes.Columns);
        var items = (sizes.Rows + job._rowsPerItem - 1) / job._rowsPerItem;
        if (sums)
            job._parts = Scratch.Get<T>(Scratch.Slot.Vector, 2L * items * sizes.Columns);
        WorkerPool.For(items, ref job);
        for (var item = 0; sums && item < items; item++)
        {
            var part = job._parts + 2L * item * sizes.Columns;
            Add(sizes.Columns, part, sizes.Dgamma);
            Add(sizes.Columns, part + sizes.Columns, sizes.Dbeta);
        }
    }

    public readonly void Run(int index)
    {
        T* dgamma = null, dbeta = null;
        if (_parts != null)
        {
            dgamma = _parts + 2L * index * _s.Columns;
            dbeta = dgamma + _s.Columns;
            new Span<T>(dgamma, 2 * _s.Columns).Clear();
        }
        for (var r = index * _rowsPerItem; r < Math.Min(_s.Rows, (index + 1) * _rowsPerItem); r++)
        {
            var at = (long)r * _s.Columns;
            if (_s.IsBackward)
                Gradient(_s.Columns, _s.X + at, _s.Gamma, _s.Mean[r], _s.InverseStd[r], _s.Dy + at, _s.Y + at, dgamma, dbeta);
            else
                Normalise(r, _s.X + at, _s.Y + at);
        }
    }

    private readonly void Normalise(int r, T* x, T* y)
    {
        var mean = T.CreateTruncating(Sum(_s.Columns, x) / _s.Columns);
        var variance = SquaredDeviations(_s.Columns, x, mean) / _s.Columns;
        var inverseStd = T.CreateTruncating(1 / Math.Sqrt(variance + _s.Epsilon));
        (_s.Mean[r], _s.InverseStd[r]) = (mean, inverseStd);
        Apply(_s.Columns, x, mean, inverseStd, _s.Gamma, _s.Beta, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(nint n, T* x)
    {
        var total = 0.0;
        for (nint i = 0; i < n;)
        {
            V s0 = default, s1 = default;
            var end = Math.Min(n, i + BlockLength);
            for (; i + 2 * S.Count <= end; i += 2 * S.Count)
            {
                s0 = S.Add(S.Load(x + i), s0);
                s1 = S.Add(S.Load(x + i + S.Count), s1);
            }
            for (; i < end; i += S.Count)
                s0 = S.Add(S.LoadMasked(x + i, S.Mask(Math.Min(S.Count, end - i))), s0);
            i = end;
            total += double.CreateTruncating(S.Sum(S.Add(s0, s1)));
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SquaredDeviations(nint n, T* x, T mean)
    {
        var total = 0.0;
        var shift = S.Broadcast(-mean);
        for (nint i = 0; i < n;)
        {
            V s0 = default, s1 = default;
            var end = Math.Min(n, i + BlockLength);
            for (; i + 2 * S.Count <= end; i += 2 * S.Count)
            {
                var d0 = S.Add(S.Load(x + i), shift);
                var d1 = S.Add(S.Load(x + i + S.Count), shift);
                s0 = S.MultiplyAdd(d0, d0, s0);
                s1 = S.MultiplyAdd(d1, d1, s1);
            }
            for (; i < end; i += S.Count)
            {
                var mask = S.Mask(Math.Min(S.Count, end - i));
                var d = S.Select(mask, S.Add(S.LoadMasked(x + i, mask), shift), default);
                s0 = S.MultiplyAdd(d, d, s0);
            }
            i = end;
            total += double.CreateTruncating(S.Sum(S.Add(s0, s1)));
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(nint n, T* x, T mean, T inverseStd, T* gamma, T* beta, T* y)
    {
        var (shift, scale) = (S.Broadcast(-mean), S.Broadcast(inverseStd));
        nint i = 0;
        for (; i + S.Count <= n; i += S.Count)
        {
            var normal = S.Multiply(S.Add(S.Load(x + i), shift), scale);
            S.Store(y + i, gamma == null ? normal : S.MultiplyAdd(normal, S.Load(gamma + i), S.Load(beta + i)));
        }
        if (i < n)
        {
            var mask = S.Mask(n - i);
            var normal = S.Multiply(S.Add(S.LoadMasked(x + i, mask), shift), scale);
            S.StoreMasked(y + i, mask, gamma == null ? normal : S.MultiplyAdd(normal, S.LoadMasked(gamma + i, mask), S.LoadMasked(beta + i, mask)));
        }
    }

    private static void Gradient(nint n, T* x, T* gamma, T mean, T inverseStd, T* dy, T* dx, T* dgamma, T* dbeta)
    {
        double sum = 0, along = 0;
        for (nint i = 0; i < n; i += BlockLength)
        {
            var length = nint.Min(BlockLength, n - i);
            var next = gamma == null ? 0 : i;
            Sums(length, x + i, gamma + next, mean, inverseStd, dy + i, dx + i, dgamma + next, dbeta + next, out var s, out var a);
            sum += s;
            along += a;
        }
        Combine(n, x, T.CreateTruncating(-sum / n), T.CreateTruncating(-along / n), mean, inverseStd, dx);
    }

    // dx becomes g = γ·dy; the sums are Σ g and Σ g·x̂.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums(
        nint n, T* x, T* gamma, T mean, T inverseStd, T* dy, T* dx, T* dgamma, T* dbeta, out double sum, out double along)
    {
        var (shift, scale) = (S.Broadcast(-mean), S.Broadcast(inverseStd));
        V s = default, a = default;
        nint i = 0;
        for (; i + S.Count <= n; i += S.Count)
        {
            var g = S.Load(dy + i);
            var normal = S.Multiply(S.Add(S.Load(x + i), shift), scale);
            if (gamma != null)
            {
                S.Store(dgamma + i, S.MultiplyAdd(g, normal, S.Load(dgamma + i)));
                S.Store(dbeta + i, S.Add(S.Load(dbeta + i), g));
                g = S.Multiply(g, S.Load(gamma + i));
            }
            S.Store(dx + i, g);
            s = S.Add(s, g);
            a = S.MultiplyAdd(g, normal, a);
        }
        if (i < n)
        {
            var mask = S.Mask(n - i);
            var g = S.LoadMasked(dy + i, mask);
            var normal = S.Multiply(S.Add(S.LoadMasked(x + i, mask), shift), scale);
            if (gamma != null)
            {
                S.StoreMasked(dgamma + i, mask, S.MultiplyAdd(g, normal, S.LoadMasked(dgamma + i, mask)));
                S.StoreMasked(dbeta + i, mask, S.Add(S.LoadMasked(dbeta + i, mask), g));
                g = S.Multiply(g, S.LoadMasked(gamma + i, mask));
            }
            S.StoreMasked(dx + i, mask, g);
            s = S.Add(s, g);
            a = S.Add(a, S.Select(mask, S.Multiply(g, normal), default));
        }
        (sum, along) = (double.CreateTruncating(S.Sum(s)), double.CreateTruncating(S.Sum(a)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(nint n, T* x, T meanShift, T slope, T mean, T inverseStd, T* dx)
    {
        var (shift, scale, a, b) = (S.Broadcast(-mean), S.Broadcast(inverseStd), S.Broadcast(meanShift), S.Broadcast(slope));
        nint i = 0;
        for (; i + S.Count <= n; i += S.Count)
        {
            var normal = S.Multiply(S.Add(S.Load(x + i), shift), scale);
            S.Store(dx + i, S.Multiply(scale, S.MultiplyAdd(normal, b, S.Add(S.Load(dx + i), a))));
        }
        if (i < n)
        {
            var mask = S.Mask(n - i);
            var normal = S.Multiply(S.Add(S.LoadMasked(x + i, mask), shift), scale);
            S.StoreMasked(dx + i, mask, S.Multiply(scale, S.MultiplyAdd(normal, b, S.Add(S.LoadMasked(dx + i, mask), a))));
        }
    }

    private static void Add(int n, T* part, T* sum) =>
        System.Numerics.Tensors.TensorPrimitives.Add(new ReadOnlySpan<T>(sum, n), new ReadOnlySpan<T>(part, n), new Span<T>(sum, n));
}
