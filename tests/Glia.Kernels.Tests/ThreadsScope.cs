namespace Glia.Kernels.Tests;

/// <summary>Sets the number of threads and restores it when disposed.</summary>
internal sealed class ThreadsScope : IDisposable
{
    private readonly int _previous = WorkerPool.Threads;

    public ThreadsScope(int threads) => WorkerPool.Threads = threads;

    public void Dispose() => WorkerPool.Threads = _previous;
}
