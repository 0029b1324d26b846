namespace Glia.Kernels;

/// <summary>A bound for all memory that this thread takes for tensors and working memory while something is computed that a file asks for.</summary>
internal static class MemoryLimit
{
    [ThreadStatic]
    private static Scope? _current;

    /// <summary>Begins a bound, which ends with the scope; bounds around it are not looked at meanwhile.</summary>
    /// <param name="bytes">How much may be taken in all, whether it is given back or not.</param>
    public static Scope Of(long bytes) => _current = new Scope(bytes, _current);

    /// <summary>Memory is about to be taken.</summary>
    /// <exception cref="MemoryLimitException">It would be more than is allowed.</exception>
    public static void Take(long bytes) => _current?.Take(bytes);

    internal sealed class Scope(long left, Scope? outer) : IDisposable
    {
        private long _left = left;

        public void Dispose() => _current = outer;

        internal void Take(long bytes)
        {
            if (bytes > _left)
                throw new MemoryLimitException();
            _left -= bytes;
        }
    }
}

/// <summary>More memory would have been taken than <see cref="MemoryLimit"/> allows.</summary>
internal sealed class MemoryLimitException() : Exception("This takes more memory than is allowed for it.");
