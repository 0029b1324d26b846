using Glia.Backends;
using Glia.Kernels;

namespace Glia.Replay;

/// <summary>
/// Writes down what a computation asks of the back end, so that the same can be done again on new numbers in the same memory, without building tensors
/// and a graph. Whatever reads or writes numbers past the back end while recording makes the recording useless, and is noticed.
/// </summary>
internal sealed class Recorder
{
    // Each recording keeps its own; packed filters are up to four times as large.
    private const long MostPrepared = 16 << 20;

    [ThreadStatic]
    private static Recorder? _current;

    // Whether any thread records: the only thing looked at while none does.
    private static int _active;

    private readonly List<Action> _work = [];
    private readonly List<Func<bool>> _conditions = [];
    private readonly List<(Rng Rng, ulong Part)> _random = [];
    private readonly HashSet<Memory.Block> _constants = [];
    private readonly HashSet<Memory.Block> _gradients = [];
    private readonly HashSet<Memory.Block> _fixed;
    private long _prepared;
    private readonly IReadOnlyList<Tensor> _inputs;
    private readonly RecordingBackend _backend;
    private int _depth;

    private Recorder(IReadOnlyList<Tensor> inputs, IEnumerable<Tensor> unchanging)
    {
        _inputs = inputs;
        _fixed = [.. unchanging.Select(t => t.Block)];
        _backend = new RecordingBackend(Device.Cpu.OwnBackend, this);
    }

    /// <summary>The recorder of this thread, unless none is on or it is executing a piece of recorded work.</summary>
    public static Recorder? Current => _active == 0 || _current is not { _depth: 0 } recorder ? null : recorder;

    /// <summary>Whether this thread records, also while a piece of recorded work runs.</summary>
    public static bool IsOn => _active != 0 && _current is not null;

    public Backend Backend => _backend;

    private string? Refusal { get; set; }

    /// <summary>
    /// Runs a computation and records it. Its memory belongs to the recording. Null when the computation cannot be done again this way; it has been done
    /// once all the same, and its results stand.
    /// </summary>
    /// <param name="inputs">The tensors that will hold new numbers each time.</param>
    /// <param name="compute">The computation, which must not end a scope that it did not open.</param>
    /// <param name="refusal">Why it cannot be done again; null when it can.</param>
    /// <param name="unchanging">Tensors that nobody will ever write to, such as the weights of a predictor of its own.</param>
    public static Recording? Record(IReadOnlyList<Tensor> inputs, Action compute, out string? refusal, IEnumerable<Tensor>? unchanging = null)
    {
        if (_current is not null)
        {
            compute();
            refusal = "it is part of another recording";
            return null;
        }
        var recorder = new Recorder(inputs, unchanging ?? []);
        var scope = new TensorScope();
        Interlocked.Increment(ref _active);
        _current = recorder;
        try
        {
            compute();
        }
        finally
        {
            _current = null;
            Interlocked.Decrement(ref _active);
            scope.Abandon();
        }
        refusal = recorder.Refusal;
        return refusal is null ? new Recording([.. recorder._work], [.. recorder._conditions], [.. recorder._random], scope.Bytes) : null;
    }

    /// <summary>Does work that reads or writes numbers past the back end, now and each time the computation is done again.</summary>
    public static void Run<TState>(TState state, Action<TState> work)
    {
        if (Current is { } recorder)
            recorder.Add(() => work(state));
        else
            work(state);
    }

    /// <summary>What a property of an input is, such as whether it holds a certain number; the recording serves only inputs that have the same.</summary>
    public static bool Decide<TState>(Tensor input, TState state, Func<Tensor, TState, bool> property)
    {
        if (Current is not { } recorder)
            return property(input, state);
        if (!recorder._inputs.Any(known => known.SharesMemoryWith(input)))
            recorder.Refuse("a computed tensor decides what is computed");
        var value = recorder.Aside(() => property(input, state));
        recorder._conditions.Add(() => property(input, state) == value);
        return value;
    }

    /// <summary>Makes a tensor whose numbers are the same each time, by any means.</summary>
    public static Tensor Constant<TState>(TState state, Func<TState, Tensor> make)
    {
        if (Current is not { } recorder)
            return make(state);
        var tensor = recorder.Aside(() => make(state));
        recorder._constants.Add(tensor.Block);
        return tensor;
    }

    /// <summary>What a tensor made by <see cref="Constant"/> is or gives, by any means.</summary>
    public static T OfConstant<T>(Tensor constant, Func<Tensor, T> read)
    {
        if (Current is not { } recorder)
            return read(constant);
        if (!recorder._constants.Contains(constant.Block))
            recorder.Refuse("numbers are read or written by a program");
        var result = recorder.Aside(() => read(constant));
        if (result is Tensor tensor)
            recorder._constants.Add(tensor.Block);
        return result;
    }

    /// <summary>Makes something that is the same each time, by any means and of nothing but what is; it is no part of the recording.</summary>
    public static T Fixed<TState, T>(TState state, Func<TState, T> make) => Current is { } recorder ? recorder.Aside(() => make(state)) : make(state);

    /// <summary>Numbers drawn by a generator that is set anew each time, with two settings.</summary>
    public static void Draw(Rng rng, Tensor tensor, double a, double b, Action<Rng, Tensor, double, double> fill)
    {
        if (Current is not { } recorder)
        {
            fill(rng, tensor, a, b);
            return;
        }
        if (!recorder._random.Exists(source => ReferenceEquals(source.Rng, rng)))
            recorder.Refuse("random numbers come from a generator of its own");
        recorder.Add(() => fill(rng, tensor, a, b));
    }

    /// <summary>Notes a generator split from the step's own by a number.</summary>
    public static Rng Source(Rng rng, ulong part)
    {
        Current?._random.Add((rng, part));
        return rng;
    }

    /// <summary>Says that something cannot be done again by repeating calls of the back end.</summary>
    public static void RefuseCurrent(string reason) => Current?.Refuse(reason);

    /// <summary>Numbers of a tensor are about to be read or written.</summary>
    public static void OnAccess(Tensor tensor)
    {
        if (Current is { } recorder && !recorder._constants.Contains(tensor.Block))
            recorder.Refuse("numbers are read or written by a program");
    }

    /// <summary>
    /// Whether a gradient can be kept where it was computed rather than copied: its memory is the recording's, and no other tensor has it for its gradient, which might be scaled.
    /// </summary>
    public bool MayKeep(Tensor gradient) =>
        !_constants.Contains(gradient.Block) && !_inputs.Any(input => input.Block == gradient.Block) && _gradients.Add(gradient.Block);

    /// <summary>Where a convolution may keep what it makes of weights that are the same each time; null for others, or where that would be much memory.</summary>
    public PreparedConvolution? Prepared(Tensor weight)
    {
        var bytes = (long)weight.Count * weight.DType.Size();
        if (!_fixed.Contains(weight.Block) || _prepared + bytes > MostPrepared)
            return null;
        _prepared += bytes;
        return new();
    }

    /// <summary>Does a piece of work and keeps it.</summary>
    public void Add(Action work)
    {
        Aside(() =>
        {
            work();
            return true;
        });
        _work.Add(work);
    }

    /// <summary>Does something that is not itself noticed or recorded.</summary>
    private T Aside<T>(Func<T> work)
    {
        _depth++;
        try
        {
            return work();
        }
        finally
        {
            _depth--;
        }
    }

    private void Refuse(string reason) => Refusal ??= reason;
}
