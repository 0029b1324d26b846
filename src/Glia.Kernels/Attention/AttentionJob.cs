using System.Numerics;

namespace Glia.Kernels;

/// <summary>The heads of <see cref="Attention"/>: a work item is a block of queries of one head, or in the backward pass a head.</summary>
internal unsafe struct AttentionJob<S, V, T> : IParallelJob
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const long LargeVolume = 1 << 17;

    private AttentionOperands<T> _o;

    public static void Run(in AttentionOperands<T> operands)
    {
        var job = new AttentionJob<S, V, T> { _o = operands };
        var heads = operands.Sizes.Batch * operands.Sizes.Heads;
        WorkerPool.For(operands.IsBackward ? heads : heads * operands.Sizes.Blocks, operands.Sizes.Volume >= LargeVolume, ref job);
    }

    public readonly void Run(int index)
    {
        ref readonly var s = ref _o.Sizes;
        if (!_o.IsBackward)
        {
            var (head, block) = Math.DivRem(index, s.Blocks);
            Forward(head / s.Heads, head % s.Heads, block * s.BlockQueries);
            return;
        }
        var (batch, h) = Math.DivRem(index, s.Heads);
        // Blocks of queries add to the gradients of keys and values; under a causal mask the last keys may get nothing.
        if (s.Blocks > 1 || s.Causal)
        {
            Clear(KeysOf(_o.Dk, batch, h), s.StepK, s.Features);
            Clear(ValuesOf(_o.Dv, batch, h), s.StepV, s.Values);
        }
        for (var first = 0; first < s.Queries; first += s.BlockQueries)
            Backward(batch, h, first);
    }

    private readonly T* QueriesOf(T* q, int batch, int head, int first) => q + (((long)batch * _o.Sizes.Queries) + first) * _o.Sizes.StepQ + head * _o.Sizes.Features;

    private readonly T* KeysOf(T* k, int batch, int head) => k + (long)batch * _o.Sizes.Keys * _o.Sizes.StepK + head * _o.Sizes.Features;

    private readonly T* ValuesOf(T* v, int batch, int head) => v + (long)batch * _o.Sizes.Keys * _o.Sizes.StepV + head * _o.Sizes.Values;

    private readonly T* OutputsOf(int batch, int head, int first) => _o.Y + (((long)batch * _o.Sizes.Queries) + first) * _o.Sizes.StepY + head * _o.Sizes.Values;

    private readonly T* WeightsOf(int batch, int head, int first) =>
        _o.Weights + ((((long)batch * _o.Sizes.Heads) + head) * _o.Sizes.Queries + first) * _o.Sizes.Keys;

    private readonly (int Rows, int Keys) Block(int first)
    {
        var rows = Math.Min(_o.Sizes.BlockQueries, _o.Sizes.Queries - first);
        return (rows, _o.Sizes.Causal ? Math.Min(_o.Sizes.Keys, first + rows) : _o.Sizes.Keys);
    }

    private readonly void Forward(int batch, int head, int first)
    {
        ref readonly var s = ref _o.Sizes;
        var (rows, keys) = Block(first);
        var weights = _o.Weights != null ? WeightsOf(batch, head, first) : Scratch.Get<T>(Scratch.Slot.Attention, (long)rows * s.Keys);
        Product(false, true, rows, keys, s.Features, QueriesOf(_o.Q, batch, head, first), s.StepQ, KeysOf(_o.K, batch, head), s.StepK, weights, s.Keys, false);
        for (var r = 0; r < rows; r++)
            Softmax(batch, head, first + r, keys, weights + (long)r * s.Keys);
        Product(false, false, rows, s.Values, keys, weights, s.Keys, ValuesOf(_o.V, batch, head), s.StepV, OutputsOf(batch, head, first), s.StepY, false);
    }

    private readonly void Softmax(int batch, int head, int query, int keys, T* row)
    {
        var allowed = _o.Sizes.Causal ? Math.Min(keys, query + 1) : keys;
        new Span<T>(row + allowed, keys - allowed).Clear();
        if (_o.Forbidden != null && Forbid(batch, head, query, new Span<T>(row, allowed)) == allowed)
        {
            new Span<T>(row, allowed).Clear();
            return;
        }
        var scale = T.CreateTruncating(_o.Sizes.Scale);
        SoftmaxRow<S, V, T>.Forward(allowed, row, scale, row, SoftmaxRow<S, V, T>.Largest(allowed, row, scale));
    }

    /// <summary>Makes forbidden scores −∞ and says how many there are.</summary>
    private readonly int Forbid(int batch, int head, int query, Span<T> scores)
    {
        var count = 0;
        var forbidden = _o.Forbidden + (nint)batch * _o.Steps.Batch + (nint)head * _o.Steps.Head + (nint)query * _o.Steps.Query;
        for (var j = 0; j < scores.Length; j++, forbidden += _o.Steps.Key)
        {
            if (*forbidden)
            {
                scores[j] = T.NegativeInfinity;
                count++;
            }
        }
        return count;
    }

    private readonly void Backward(int batch, int head, int first)
    {
        ref readonly var s = ref _o.Sizes;
        var (rows, keys) = Block(first);
        var add = s.Blocks > 1 || s.Causal;
        var weights = WeightsOf(batch, head, first);
        var dy = OutputsOf(batch, head, first);
        var scores = Scratch.Get<T>(Scratch.Slot.Attention, (long)rows * s.Keys);
        var scale = T.CreateTruncating(s.Scale);
        Product(true, false, keys, s.Values, rows, weights, s.Keys, dy, s.StepY, ValuesOf(_o.Dv, batch, head), s.StepV, add);
        Product(false, true, rows, keys, s.Values, dy, s.StepY, ValuesOf(_o.V, batch, head), s.StepV, scores, s.Keys, false);
        for (var r = 0; r < rows; r++)
        {
            var row = scores + (long)r * s.Keys;
            SoftmaxRow<S, V, T>.Backward(keys, weights + (long)r * s.Keys, row, scale, row);
        }
        Product(
            false, false, rows, s.Features, keys, scores, s.Keys, KeysOf(_o.K, batch, head), s.StepK, QueriesOf(_o.Dq, batch, head, first), s.StepQ, false);
        Product(
            true, false, keys, s.Features, rows, scores, s.Keys, QueriesOf(_o.Q, batch, head, first), s.StepQ, KeysOf(_o.Dk, batch, head), s.StepK, add);
    }

    private static void Product(bool ta, bool tb, int m, int n, int k, T* a, int lda, T* b, int ldb, T* c, int ldc, bool add) => Gemm.Multiply(
        ta, tb, m, n, k, Matrix(a, ta ? k : m, lda, ta ? m : k), lda, Matrix(b, tb ? n : k, ldb, tb ? k : n), ldb, Matrix(c, m, ldc, n), ldc, add);

    private static Span<T> Matrix(T* start, int rows, int step, int columns) => rows == 0 ? default : new(start, checked((rows - 1) * step + columns));

    private readonly void Clear(T* rows, int step, int columns)
    {
        for (var r = 0; r < _o.Sizes.Keys; r++)
            new Span<T>(rows + (long)r * step, columns).Clear();
    }
}
