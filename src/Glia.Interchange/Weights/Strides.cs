namespace Glia.Interchange;

/// <summary>Elements that lie with gaps or in another order of axes, brought into row-major order.</summary>
internal static class Strides
{
    /// <summary>The strides of row-major order.</summary>
    public static long[] RowMajor(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(shape[axis], 1);
        }
        return strides;
    }

    /// <summary>The strides of column-major order, which Fortran has.</summary>
    public static long[] ColumnMajor(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            strides[axis] = stride;
            stride *= Math.Max(shape[axis], 1);
        }
        return strides;
    }

    /// <summary>Whether elements lie in row-major order without gaps; the stride of an axis of one element does not matter.</summary>
    public static bool AreRowMajor(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        var expected = RowMajor(shape);
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] > 1 && strides[axis] != expected[axis])
                return false;
        }
        return true;
    }

    /// <summary>How many elements from the first to the last one, both included; null when that does not fit into 63 bits. All sizes are positive.</summary>
    public static long? Extent(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        var last = Int128.Zero;
        for (var axis = 0; axis < shape.Length; axis++)
            last += (Int128)(shape[axis] - 1) * strides[axis];
        return last < long.MaxValue ? (long)last + 1 : null;
    }

    /// <summary>Copies elements into row-major order. Every element is known to lie inside the source.</summary>
    public static void Gather(ReadOnlySpan<byte> source, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, int size, Span<byte> destination)
    {
        if (destination.IsEmpty)
            return;
        var index = new long[shape.Length];
        var last = shape.Length - 1;
        var (run, step) = shape.Length == 0 ? (1L, 0L) : (shape[last], strides[last]);
        long start = 0;
        for (var done = 0; done < destination.Length;)
        {
            for (var i = 0L; i < run; i++, done += size)
                source.Slice((int)((start + (i * step)) * size), size).CopyTo(destination[done..]);
            for (var axis = last - 1; axis >= 0; axis--)
            {
                start += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                start -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
    }

    /// <summary>Turns the bytes of each element round.</summary>
    public static void Swap(Span<byte> bytes, int size)
    {
        for (var at = 0; at < bytes.Length; at += size)
            bytes.Slice(at, size).Reverse();
    }
}
