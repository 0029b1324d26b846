using Glia.Memory;
using Glia.Replay;

namespace Glia;

/// <summary>
/// Gives the memory of the tensors made inside it back at once, ready for the next step:
/// <code>
/// using (var step = new TensorScope())
/// {
///     var loss = Loss.CrossEntropy.Compute(model.Forward(x), y);
///     loss.Backward();
///     optimizer.Step();
/// }
/// </code>
/// Without a scope nothing leaks either: memory that is no longer reachable comes back by garbage collection, only later.
/// Parameters, their gradients and optimiser states are never part of a scope. A tensor used after its scope has ended
/// throws <see cref="ObjectDisposedException"/>. A scope belongs to the thread that opened it.
/// </summary>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? _current;

    private readonly List<Block> _blocks = [];
    private readonly TensorScope? _outer;
    private bool _ended;

    /// <summary>Opens a scope inside the current one, if any.</summary>
    public TensorScope()
    {
        _outer = _current;
        _current = this;
    }

    internal static TensorScope? Current => _current;

    /// <summary>Lets a tensor outlive this scope: it becomes part of the enclosing scope, or of the garbage-collected rest.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (_blocks.Remove(tensor.Block))
            _outer?._blocks.Add(tensor.Block);
        return tensor;
    }

    /// <summary>Gives back everything made so far and stays open, for a loop that reuses one scope.</summary>
    public void Reset()
    {
        // What is done again must find its memory as it left it.
        if (Recorder.IsOn && _outer is not null)
        {
            _outer._blocks.AddRange(_blocks);
        }
        else
        {
            foreach (var block in _blocks)
                MemoryPool.Return(block);
        }
        _blocks.Clear();
    }

    /// <summary>Ends the scope.</summary>
    /// <exception cref="InvalidOperationException">An inner scope is still open, or another thread opened this one.</exception>
    public void Dispose()
    {
        if (_ended)
            return;
        if (_current != this)
            throw new InvalidOperationException("A TensorScope must end on the thread that opened it, after the scopes inside it have ended.");
        _ended = true;
        _current = _outer;
        Reset();
    }

    /// <summary>How much memory was made and not given back.</summary>
    internal long Bytes => _blocks.Sum(block => block.Bytes);

    /// <summary>Ends the scope without giving anything back: whoever holds the tensors keeps their memory.</summary>
    internal void Abandon()
    {
        _ended = true;
        _current = _outer;
    }

    /// <summary>Memory for a new tensor: from the pool inside a scope, else garbage-collected.</summary>
    internal static Block Allocate(long bytes)
    {
        var scope = _current;
        if (scope is null)
            return new Block(bytes, BlockUse.Passing);
        var block = MemoryPool.Rent(bytes);
        scope._blocks.Add(block);
        return block;
    }
}
