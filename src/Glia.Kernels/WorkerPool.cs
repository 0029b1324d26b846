using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Glia.Kernels;

/// <summary>Work cut into numbered pieces that may run in any order and on any thread.</summary>
internal interface IParallelJob
{
    /// <summary>Does piece <paramref name="index"/>.</summary>
    void Run(int index);
}

/// <summary>
/// Persistent background threads that share the pieces of one job at a time with the calling thread.
/// Callers cut work by problem size, or such that each element is computed alike however it is cut, so results do not depend on <see cref="Threads"/>.
/// </summary>
internal static unsafe class WorkerPool
{
    internal const string Variable = "GLIA_THREADS";
    private const int MaxThreads = 1024;

    // In numbers: counters of different threads lie on cache lines of their own.
    private const int CounterSpacing = 16;

    // How long a worker without work stays awake, and how often it pauses between looks.
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;

    private static readonly Lock Gate = new();
    private static Worker[] _workers = [];
    private static int _threads;

    // The job being shared. Written by the caller that holds Busy while Open is 0 and nobody is inside.
    private static Shared _shared;
    private static void* _job;
    private static delegate*<void*, int, void> _drain;
    private static int _count;

    // For each thread, the next piece of its own part of the job.
    private static long[] _counters = [];
    private static ExceptionDispatchInfo? _failure;

    [ThreadStatic]
    private static bool _isAlone;

    /// <summary>
    /// How many threads work together, the caller included: 1 or more. The default is <c>GLIA_THREADS</c>, else the number of processors.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>GLIA_THREADS</c> is not a number of threads.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value set is outside 1…1024.</exception>
    public static int Threads
    {
        get => _threads > 0 ? _threads : _threads = ParseThreads(Environment.GetEnvironmentVariable(Variable));
        set
        {
            if (value is < 1 or > MaxThreads)
                throw new ArgumentOutOfRangeException(nameof(value), value, $"The number of threads must be from 1 to {MaxThreads}.");
            _threads = value;
        }
    }

    /// <summary>Whether the calling thread does all of its jobs itself, as when other threads are busy with work of the same kind.</summary>
    public static bool IsAlone
    {
        get => _isAlone;
        set => _isAlone = value;
    }

    /// <summary>
    /// Runs <paramref name="job"/> for every index from 0 to <paramref name="count"/> − 1 and returns when all are done.
    /// A nested or concurrent call runs its pieces one after another on its own thread. The first exception of a piece reaches the caller.
    /// </summary>
    public static void For<TJob>(int count, ref TJob job)
        where TJob : struct, IParallelJob, allows ref struct
    {
        var helpers = Math.Min(Threads, count) - 1;
        // Reading first spares nested calls a contended write.
        if (helpers <= 0 || Volatile.Read(ref _shared.Busy) != 0 || _isAlone || Interlocked.CompareExchange(ref _shared.Busy, 1, 0) != 0)
        {
            RunAll(count, ref job);
            return;
        }

        ExceptionDispatchInfo? failure;
        try
        {
            var workers = _workers.Length >= helpers ? _workers : Grow(helpers);
            // The workers reach the job through this address, so it must not move.
            fixed (byte* address = &Unsafe.As<TJob, byte>(ref job))
            {
                _job = address;
                _drain = &Drain<TJob>;
                _count = count;
                _shared.Helpers = helpers;
                for (var thread = 0; thread <= helpers; thread++)
                    Next(thread) = FirstOf(thread, helpers + 1, count);
                Volatile.Write(ref _shared.Open, 1);
                Interlocked.Increment(ref _shared.Epoch);
                for (var i = 0; i < helpers; i++)
                    workers[i].WakeIfParked();

                Drain<TJob>(address, 0);

                Interlocked.Exchange(ref _shared.Open, 0);
                if (Volatile.Read(ref _shared.Inside) != 0)
                    AwaitHelpers();
            }
            failure = _failure;
            _failure = null;
            _job = null;
        }
        finally
        {
            Volatile.Write(ref _shared.Busy, 0);
        }
        failure?.Throw();
    }

    /// <summary>The same, on the calling thread alone unless the work is <paramref name="large"/> enough to be worth sharing.</summary>
    public static void For<TJob>(int count, bool large, ref TJob job)
        where TJob : struct, IParallelJob, allows ref struct
    {
        if (large)
            For(count, ref job);
        else
            RunAll(count, ref job);
    }

    private static void RunAll<TJob>(int count, ref TJob job)
        where TJob : struct, IParallelJob, allows ref struct
    {
        for (var i = 0; i < count; i++)
            job.Run(i);
    }

    private static void AwaitHelpers()
    {
        for (var spins = 0; Volatile.Read(ref _shared.Inside) != 0; spins++)
        {
            if (spins < 2000)
                Thread.SpinWait(4);
            else
                Thread.Yield();
        }
    }

    // Takes pieces until none is left; the same code for the caller and its helpers. A thread begins with its own part, the same of every job, so that the numbers
    // of one job are in its core's cache for the next; then it takes from the others' parts.
    private static void Drain<TJob>(void* address, int thread)
        where TJob : struct, IParallelJob, allows ref struct
    {
        ref var job = ref Unsafe.AsRef<TJob>(address);
        var (count, threads) = (_count, _shared.Helpers + 1);
        try
        {
            for (var turn = 0; turn < threads; turn++)
            {
                var owner = (thread + turn) % threads;
                ref var next = ref Next(owner);
                var end = FirstOf(owner + 1, threads, count);
                long index;
                while (Volatile.Read(ref next) < end && (index = Interlocked.Increment(ref next) - 1) < end)
                    job.Run((int)index);
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            for (var owner = 0; owner < threads; owner++)
                Volatile.Write(ref Next(owner), count);
        }
    }

    private static long FirstOf(int thread, int threads, int count) => (long)thread * count / threads;

    private static ref long Next(int thread) => ref _counters[(thread + 1) * CounterSpacing];

    private static Worker[] Grow(int helpers)
    {
        lock (Gate)
        {
            var workers = _workers;
            if (workers.Length < helpers)
                _counters = GC.AllocateArray<long>((helpers + 2) * CounterSpacing, pinned: true);
            while (workers.Length < helpers)
                workers = [.. workers, new Worker(workers.Length)];
            return _workers = workers;
        }
    }

    internal static int ParseThreads(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return Math.Min(Environment.ProcessorCount, MaxThreads);
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads is >= 1 and <= MaxThreads)
            return threads;
        throw new InvalidOperationException($"{Variable} is '{value}'; give a number of threads from 1 to {MaxThreads}, or leave it unset.");
    }

    private sealed class Worker
    {
        private readonly int _index;
        private readonly object _gate = new();
        private bool _signalled;
        private int _parked;

        public Worker(int index)
        {
            _index = index;
            new Thread(Loop) { IsBackground = true, Name = $"Glia worker {index + 1}" }.Start();
        }

        public void WakeIfParked()
        {
            if (Volatile.Read(ref _parked) == 1 && Interlocked.Exchange(ref _parked, 0) == 1)
            {
                lock (_gate)
                {
                    _signalled = true;
                    Monitor.Pulse(_gate);
                }
            }
        }

        private void AwaitSignal()
        {
            lock (_gate)
            {
                while (!_signalled)
                    Monitor.Wait(_gate);
                _signalled = false;
            }
        }

        private void Loop()
        {
            var seen = 0;
            while (true)
            {
                seen = AwaitEpochAfter(seen);
                // Entering before looking at Open lets the caller close the job and wait only for those inside.
                Interlocked.Increment(ref _shared.Inside);
                if (Volatile.Read(ref _shared.Open) == 1 && _index < _shared.Helpers)
                    _drain(_job, _index + 1);
                Interlocked.Decrement(ref _shared.Inside);
            }
        }

        private int AwaitEpochAfter(int seen)
        {
            int epoch;
            var start = Stopwatch.GetTimestamp();
            while ((epoch = Volatile.Read(ref _shared.Epoch)) == seen)
            {
                if (Stopwatch.GetTimestamp() - start < SpinTicks)
                {
                    Thread.SpinWait(4);
                    continue;
                }
                Interlocked.Exchange(ref _parked, 1);
                // A job published before the flag was seen would not wake this thread.
                if (Volatile.Read(ref _shared.Epoch) == seen || Interlocked.Exchange(ref _parked, 0) == 0)
                    AwaitSignal();
                start = Stopwatch.GetTimestamp();
            }
            return epoch;
        }
    }

    // Fields that different threads write lie on cache lines of their own.
    [StructLayout(LayoutKind.Explicit, Size = 640)]
    private struct Shared
    {
        [FieldOffset(256)] public int Inside;
        [FieldOffset(384)] public int Epoch;
        [FieldOffset(388)] public int Open;
        [FieldOffset(392)] public int Helpers;
        [FieldOffset(512)] public int Busy;
    }
}
