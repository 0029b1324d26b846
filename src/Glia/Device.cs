using Glia.Backends;
using Glia.Kernels;
using Glia.Replay;

namespace Glia;

/// <summary>Where a tensor lives and by what code its operations are computed.</summary>
public sealed class Device
{
    private Device(string name, Backend backend)
    {
        Name = name;
        OwnBackend = backend;
    }

    /// <summary>The processor, with SIMD kernels on several threads; the default.</summary>
    public static Device Cpu { get; } = new("cpu", new CpuBackend());

    /// <summary>The processor, with plain readable loops: slow, for learning and for checking the fast kernels.</summary>
    public static Device Reference { get; } = new("reference", new ReferenceBackend());

    /// <summary>
    /// How many threads operations on the processor use: all cores by default, or what the environment variable <c>GLIA_THREADS</c> says; 1 keeps
    /// everything on the calling thread. Results are bit-identical for any number.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public static int Threads
    {
        get => WorkerPool.Threads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            WorkerPool.Threads = value;
        }
    }

    /// <summary>
    /// Until it is disposed of, operations called by this thread run on this thread alone. For programs that keep the cores busy otherwise, such as by training
    /// several models at the same time; results are bit-identical with and without.
    /// </summary>
    /// <returns>To be disposed of on the same thread.</returns>
    public static IDisposable OnOneThread() => new Solitude();

    /// <summary>
    /// Whether float convolutions of 3 × 3 windows at a distance of 1 are computed by Winograd's algorithm where that is faster: about twice as fast, with two to three times the
    /// rounding error. True by default, or what the environment variable <c>GLIA_WINOGRAD</c> says (0 or 1). Like the number of threads it is meant to be set once, before
    /// the work begins; results with and without differ in the last digits.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>GLIA_WINOGRAD</c> is neither 0 nor 1.</exception>
    public static bool Winograd
    {
        get => Kernels.Winograd.IsEnabled;
        set => Kernels.Winograd.IsEnabled = value;
    }

    /// <summary>The device's name.</summary>
    public string Name { get; }

    /// <summary>What computes on this device; on a thread that records, what keeps the calls as well.</summary>
    internal Backend Backend => Recorder.Current is { } recorder && this == Cpu ? recorder.Backend : OwnBackend;

    /// <summary>What computes on this device.</summary>
    internal Backend OwnBackend { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private sealed class Solitude : IDisposable
    {
        private readonly bool _before = WorkerPool.IsAlone;

        public Solitude() => WorkerPool.IsAlone = true;

        public void Dispose() => WorkerPool.IsAlone = _before;
    }
}
