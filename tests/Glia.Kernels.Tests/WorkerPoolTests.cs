namespace Glia.Kernels.Tests;

public class WorkerPoolTests
{
    private ref struct Squares(Span<long> y) : IParallelJob
    {
        private readonly Span<long> _y = y;

        public readonly void Run(int index) => _y[index] += (long)index * index;
    }

    private struct Failing(int at) : IParallelJob
    {
        public readonly void Run(int index)
        {
            if (index == at)
                throw new InvalidDataException($"piece {index}");
        }
    }

    private struct Nested(int[][] hits) : IParallelJob
    {
        public readonly void Run(int index)
        {
            var inner = new Inner(hits[index]);
            WorkerPool.For(hits[index].Length, ref inner);
        }

        private struct Inner(int[] row) : IParallelJob
        {
            public readonly void Run(int index) => row[index]++;
        }
    }

    private struct OwnThread(HashSet<int> seen) : IParallelJob
    {
        public readonly void Run(int index)
        {
            lock (seen)
                seen.Add(Environment.CurrentManagedThreadId);
            Thread.SpinWait(1000);
        }
    }

    private struct ThreadIds(HashSet<int> seen, CountdownEvent both) : IParallelJob
    {
        public readonly void Run(int index)
        {
            lock (seen)
                seen.Add(Environment.CurrentManagedThreadId);
            both.Signal();
            both.Wait(TimeSpan.FromSeconds(20));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void For_AnyCount_RunsEveryPieceOnce(int threads)
    {
        using var scope = new ThreadsScope(threads);
        foreach (var count in new[] { 0, 1, 2, 3, 7, 100, 10_000 })
        {
            var y = new long[count];
            var job = new Squares(y);
            WorkerPool.For(count, ref job);
            for (var i = 0; i < count; i++)
                Assert.Equal((long)i * i, y[i]);
        }
    }

    [Fact]
    public void For_ManyCallsWithPauses_LosesNoWork()
    {
        using var scope = new ThreadsScope(3);
        var y = new long[5];
        for (var call = 0; call < 20_000; call++)
        {
            var job = new Squares(y);
            WorkerPool.For(y.Length, ref job);
            if (call % 4000 == 0)
                Thread.Sleep(5);
        }
        Assert.Equal([0, 20_000, 80_000, 180_000, 320_000], y);
    }

    [Fact]
    public void For_TwoThreads_PiecesRunAtTheSameTime()
    {
        using var scope = new ThreadsScope(2);
        var seen = new HashSet<int>();
        using var both = new CountdownEvent(2);
        var job = new ThreadIds(seen, both);
        WorkerPool.For(2, ref job);
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void For_ThreadThatIsAlone_DoesEveryPieceItself()
    {
        using var scope = new ThreadsScope(3);
        var seen = new HashSet<int>();
        WorkerPool.IsAlone = true;
        try
        {
            var job = new OwnThread(seen);
            WorkerPool.For(100, ref job);
        }
        finally
        {
            WorkerPool.IsAlone = false;
        }
        Assert.Equal([Environment.CurrentManagedThreadId], seen);
        For_TwoThreads_PiecesRunAtTheSameTime();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void For_PieceThrows_CallerGetsTheExceptionAndThePoolStillWorks(int threads)
    {
        using var scope = new ThreadsScope(threads);
        for (var round = 0; round < 50; round++)
        {
            var failing = new Failing(13);
            var e = Assert.Throws<InvalidDataException>(() => WorkerPool.For(40, ref failing));
            Assert.Equal("piece 13", e.Message);
        }
        For_AnyCount_RunsEveryPieceOnce(threads);
    }

    [Fact]
    public void For_InsideAPiece_RunsEveryInnerPieceOnce()
    {
        using var scope = new ThreadsScope(3);
        var hits = Enumerable.Range(0, 50).Select(_ => new int[20]).ToArray();
        var job = new Nested(hits);
        WorkerPool.For(hits.Length, ref job);
        Assert.All(hits, row => Assert.All(row, h => Assert.Equal(1, h)));
    }

    [Fact]
    public void For_CallersOnSeveralThreads_AllFinish()
    {
        using var scope = new ThreadsScope(3);
        var sums = new long[4];
        var callers = Enumerable.Range(0, sums.Length).Select(c => new Thread(() =>
        {
            var y = new long[64];
            for (var call = 0; call < 2000; call++)
            {
                var job = new Squares(y);
                WorkerPool.For(y.Length, ref job);
            }
            sums[c] = y.Sum();
        })).ToList();
        callers.ForEach(t => t.Start());
        callers.ForEach(t => t.Join());
        Assert.All(sums, s => Assert.Equal(2000L * Enumerable.Range(0, 64).Sum(i => i * i), s));
    }

    [Fact]
    public void For_SteadyState_AllocatesNothing()
    {
        using var scope = new ThreadsScope(2);
        var y = new long[64];
        var job = new Squares(y);
        WorkerPool.For(y.Length, ref job);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 100; call++)
            WorkerPool.For(y.Length, ref job);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("two")]
    [InlineData("5000")]
    public void ParseThreads_NotANumberOfThreads_SaysWhatToGive(string value)
    {
        var e = Assert.Throws<InvalidOperationException>(() => WorkerPool.ParseThreads(value));
        Assert.Equal($"GLIA_THREADS is '{value}'; give a number of threads from 1 to 1024, or leave it unset.", e.Message);
    }

    [Fact]
    public void ParseThreads_Unset_IsTheNumberOfProcessors()
    {
        Assert.Equal(Environment.ProcessorCount, WorkerPool.ParseThreads(null));
        Assert.Equal(3, WorkerPool.ParseThreads("3"));
    }

    [Fact]
    public void Threads_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPool.Threads = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPool.Threads = 1025);
    }
}
