using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>Windows of 2 × 2 side by side, the most frequent ones: a vector of them is two vectors of each of two rows.</summary>
internal readonly unsafe struct PairPool<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Computed once: dividing anew for each plane takes longer than a small plane.
    private readonly int _rows, _columns, _width;
    private readonly nint _plane, _outPlane;

    public PairPool(in PoolGeometry g)
    {
        (_rows, _columns, _width) = (g.OutHeight, g.OutWidth, g.Width.In);
        (_plane, _outPlane) = ((nint)g.InPlane, (nint)g.OutPlane);
        Suits = g.Depth == WindowAxis.Unit && IsPair(g.Height, _rows) && IsPair(g.Width, _columns) && g.InPlane <= MaxPool<S, V, T>.LargestExact;
        SuitsScatter = Suits && g.InPlane == 4 * g.OutPlane;
    }

    /// <summary>Whether all windows are whole and side by side, and indices are exact as numbers.</summary>
    public bool Suits { get; }

    /// <summary>Whether they also cover the whole plane.</summary>
    public bool SuitsScatter { get; }

    private static bool IsPair(in WindowAxis axis, int positions) => axis is { Kernel: 2, Stride: 2, PadBefore: 0, Dilation: 1 } && 2 * positions <= axis.In;

    /// <summary>
    /// The largest number of each window of a plane and its index. What follows in the <paramref name="planes"/> from this one on may be overwritten, and so must be
    /// computed later.
    /// </summary>
    public void Max(int planes, T* x, T* y, int* argmax)
    {
        var (rows, columns, width, plane, outPlane) = (_rows, _columns, _width, planes * _plane, planes * _outPlane);
        var starts = MaxPool<S, V, T>.Starts(2);
        var (one, below, diagonal) = (S.Broadcast(T.One), S.Broadcast(T.CreateTruncating(width)), S.Broadcast(T.CreateTruncating(width + 1)));
        for (nint h = 0; h < rows; h++)
        {
            for (nint w = 0; w < columns; w += S.Count)
            {
                // The last vector of a row begins early enough to be whole; that of a shorter row goes on into the next row or plane, written later.
                var column = Math.Max(Math.Min(w, columns - S.Count), 0);
                var (from, to) = (2 * (h * width + column), h * columns + column);
                Read(x + from, plane - from - width, columns, out var v0, out var v1);
                Read(x + from + width, plane - from - width, columns, out var v2, out var v3);
                var best = v0;
                var distance = default(V);
                Compare(v1, one, ref best, ref distance);
                Compare(v2, below, ref best, ref distance);
                Compare(v3, diagonal, ref best, ref distance);
                var indices = S.Add(S.Add(distance, starts), S.Broadcast(T.CreateTruncating(from)));
                if (to + S.Count <= outPlane)
                {
                    S.Store(y + to, best);
                    S.StoreWhole(argmax + to, indices);
                }
                else
                {
                    StoreFew(y + to, argmax + to, columns, best, indices);
                }
            }
        }
    }

    /// <summary>dx = dy where a window has its largest number, 0 elsewhere; false, with anything in dx, when an index is not in its window. Planes as above.</summary>
    public bool TryScatter(int planes, int* argmax, T* dy, T* dx)
    {
        var (rows, columns, width, plane, outPlane) = (_rows, _columns, _width, planes * _plane, planes * _outPlane);
        var one = S.Broadcast(T.One);
        var (below, diagonal) = (S.Broadcast(T.CreateTruncating(width)), S.Broadcast(T.CreateTruncating(width + 1)));
        var starts = MaxPool<S, V, T>.Starts(2);
        var used = S.Mask(Math.Min(columns, S.Count));
        var unused = S.Select(used, default, one);
        var good = one;
        var few = stackalloc int[S.Count];
        for (nint h = 0; h < rows; h++)
        {
            for (nint w = 0; w < columns; w += S.Count)
            {
                var column = Math.Max(Math.Min(w, columns - S.Count), 0);
                var (to, from) = (2 * (h * width + column), h * columns + column);
                V gradient, index;
                if (from + S.Count <= outPlane)
                {
                    gradient = S.Load(dy + from);
                    index = S.LoadWhole(argmax + from);
                }
                else
                {
                    new ReadOnlySpan<int>(argmax + from, columns).CopyTo(new Span<int>(few, columns));
                    gradient = S.LoadMasked(dy + from, used);
                    index = S.LoadWhole(few);
                }
                var first = S.Add(starts, S.Broadcast(T.CreateTruncating(to)));
                var is0 = S.Equal(index, first);
                var is1 = S.Equal(index, S.Add(first, one));
                var is2 = S.Equal(index, S.Add(first, below));
                var is3 = S.Equal(index, S.Add(first, diagonal));
                var found = S.Add(S.Add(Where(is0, one), Where(is1, one)), S.Add(Where(is2, one), Where(is3, one)));
                good = S.Min(good, S.Max(found, unused));
                Write(dx + to, plane - to, columns, Where(is0, gradient), Where(is1, gradient));
                Write(dx + to + width, plane - to - width, columns, Where(is2, gradient), Where(is3, gradient));
            }
        }
        return S.Sum(good) == T.CreateTruncating(S.Count);
    }

    // The value in the lanes of the mask, 0 elsewhere: one instruction, as the compiler sees that it is 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Where(V mask, V value) => S.Select(mask, value, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compare(V value, V tap, ref V best, ref V distance)
    {
        // A NaN already found stays unless another follows, because nothing compares above it.
        var better = S.GreaterOrNaN(value, best);
        best = S.Select(better, value, best);
        distance = S.Select(better, tap, distance);
    }

    // The left and the right numbers of a vector of windows, of which there may be only `columns`, from a row with `left` numbers to the end of the planes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read(T* row, nint left, int columns, out V even, out V odd)
    {
        V a, b;
        if (left >= 2 * S.Count)
            (a, b) = (S.Load(row), S.Load(row + S.Count));
        else
            (a, b) = (S.LoadMasked(row, LowMask(columns)), S.LoadMasked(row + S.Count, HighMask(columns)));
        even = S.Even(a, b);
        odd = S.Odd(a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(T* row, nint left, int columns, V even, V odd)
    {
        var (low, high) = (S.LowPairs(even, odd), S.HighPairs(even, odd));
        if (left >= 2 * S.Count)
        {
            S.Store(row, low);
            S.Store(row + S.Count, high);
            return;
        }
        WriteFew(row, columns, low, high);
    }

    private static V LowMask(int columns) => S.Mask(Math.Min(2 * columns, S.Count));

    private static V HighMask(int columns) => S.Mask(Math.Clamp(2 * columns - S.Count, 0, S.Count));

    // The ends of the last plane stay out of the loops, so that these get the compiler's inlining.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteFew(T* row, int columns, V low, V high)
    {
        S.StoreMasked(row, LowMask(columns), low);
        S.StoreMasked(row + S.Count, HighMask(columns), high);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreFew(T* y, int* argmax, int count, V best, V indices)
    {
        S.StoreMasked(y, S.Mask(count), best);
        var all = stackalloc int[S.Count];
        S.StoreWhole(all, indices);
        new ReadOnlySpan<int>(all, count).CopyTo(new Span<int>(argmax, count));
    }
}
