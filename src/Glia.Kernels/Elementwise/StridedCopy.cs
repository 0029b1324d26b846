namespace Glia.Kernels;

/// <summary>Copies a box whose dimensions <see cref="Strided"/> has merged: its first dimension is shared among threads, and transposing goes by small squares.</summary>
internal static unsafe class StridedCopy
{
    private const int WorkPerItem = 1 << 14;

    public static void Run<T>(
        ReadOnlySpan<T> source, Span<T> destination, ReadOnlySpan<int> sizes, ReadOnlySpan<int> stepsFrom, long from, ReadOnlySpan<int> stepsTo, long to)
        where T : unmanaged
    {
        long count = 1, highestFrom = from, highestTo = to, lowestFrom = from, lowestTo = to;
        for (var d = 0; d < sizes.Length; d++)
        {
            count *= sizes[d];
            Reach(sizes[d], stepsFrom[d], ref lowestFrom, ref highestFrom);
            Reach(sizes[d], stepsTo[d], ref lowestTo, ref highestTo);
        }
        // Pointers are not checked any more after this.
        if (lowestFrom < 0 || highestFrom >= source.Length || lowestTo < 0 || highestTo >= destination.Length)
            throw new ArgumentException($"A strided copy of {count} elements reaches outside its operands.");
        fixed (T* ps = source, pd = destination)
        fixed (int* n = sizes, sf = stepsFrom, st = stepsTo)
        {
            var job = new Job<T> { Source = ps + from, Destination = pd + to, Rank = sizes.Length, Sizes = n, From = sf, To = st };
            job.PerItem = sizes.Length == 1 ? n[0] : (int)Math.Clamp(WorkPerItem * (long)n[0] / count, 1, n[0]);
            WorkerPool.For((n[0] + job.PerItem - 1) / job.PerItem, count > 2 * WorkPerItem, ref job);
        }
    }

    private static void Reach(int size, int step, ref long lowest, ref long highest)
    {
        if (step < 0)
            lowest += (size - 1L) * step;
        else
            highest += (size - 1L) * step;
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged
    {
        public T* Source, Destination;
        public int Rank, PerItem;
        public int* Sizes, From, To;

        public readonly void Run(int index)
        {
            var first = index * PerItem;
            Copy(0, Math.Min(PerItem, Sizes[0] - first), Source + (nint)first * From[0], Destination + (nint)first * To[0]);
        }

        private readonly void Copy(int d, int size, T* source, T* destination)
        {
            if (d == Rank - 1)
            {
                Row(size, source, From[d], destination, To[d]);
                return;
            }
            if (d == Rank - 2 && From[d] == 1 && To[d + 1] == 1 && sizeof(T) >= 4)
            {
                if (sizeof(T) == 4)
                    Panel.Transpose((float*)source, From[d + 1], Sizes[d + 1], To[d], size, (float*)destination);
                else
                    Panel.Transpose((double*)source, From[d + 1], Sizes[d + 1], To[d], size, (double*)destination);
                return;
            }
            for (nint i = 0; i < size; i++)
                Copy(d + 1, Sizes[d + 1], source + i * From[d], destination + i * To[d]);
        }

        private static void Row(int count, T* source, nint from, T* destination, nint to)
        {
            if (from == 1 && to == 1)
            {
                new ReadOnlySpan<T>(source, count).CopyTo(new Span<T>(destination, count));
            }
            else if (from == 0 && to == 1)
            {
                new Span<T>(destination, count).Fill(*source);
            }
            else
            {
                for (; count > 0; count--, source += from, destination += to)
                    *destination = *source;
            }
        }
    }
}
