using System.Globalization;
using System.Runtime.CompilerServices;
using Glia.Memory;
using Glia.Replay;
using Glia.Tracing;

namespace Glia;

/// <summary>
/// A dense, row-major array of numbers with any number of axes, and the graph of operations that made it when gradients are
/// wanted. Nobody disposes a tensor: see <see cref="TensorScope"/> for memory. Its operations are methods and operators; they
/// never change their operands.
/// </summary>
public partial class Tensor
{
    private readonly int _version;
    private readonly int _start;

    internal Tensor(Block block, int start, Shape shape, DType dtype, Device device)
    {
        Block = block;
        _version = block.Version;
        _start = start;
        Shape = shape;
        DType = dtype;
        Device = device;
    }

    /// <summary>The sizes along each axis.</summary>
    public Shape Shape { get; }

    /// <summary>The type of the elements.</summary>
    public DType DType { get; }

    /// <summary>Where the tensor lives.</summary>
    public Device Device { get; }

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Count => Shape.Count;

    internal Block Block { get; }

    /// <summary>What tells its memory, which views share, from memory that is used again after a scope.</summary>
    internal (Block Block, int Version) Memory => (Block, _version);

    /// <summary>The elements, in row-major order, for reading.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the type of the elements.</exception>
    /// <exception cref="ObjectDisposedException">The scope that the tensor was made in has ended.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged => Span<T>();

    /// <summary>
    /// The elements, in row-major order, for writing in place. Only for tensors that no recorded operation has used yet, such as
    /// inputs being filled; gradients of earlier results would silently use the new values.
    /// </summary>
    /// <inheritdoc cref="AsSpan{T}"/>
    public Span<T> AsWritableSpan<T>()
        where T : unmanaged
    {
        if (Tracer.IsOn)
            Tracer.OnWrite(this);
        return Span<T>();
    }

    /// <summary>A copy of the elements, in row-major order.</summary>
    /// <inheritdoc cref="AsSpan{T}"/>
    public T[] ToArray<T>()
        where T : unmanaged => Span<T>().ToArray();

    /// <summary>The value of a tensor of one element.</summary>
    /// <exception cref="InvalidOperationException">The tensor has more or fewer elements.</exception>
    public double Item()
    {
        if (Count != 1)
            throw new InvalidOperationException($"Item() expects a tensor of one element but this one has shape {Shape}. Reduce it first, for example with Mean().");
        return GetFlat(0);
    }

    /// <summary>One element, converted to double; negative indices count from the end.</summary>
    /// <exception cref="ArgumentException">The number of indices is not the rank, or an index is out of range.</exception>
    [IndexerName("At")]
    public double this[params ReadOnlySpan<int> indices]
    {
        get
        {
            if (indices.Length != Rank)
                throw new ArgumentException($"A tensor of shape {Shape} takes {Rank} indices but got {indices.Length}.");
            var flat = 0;
            for (var axis = 0; axis < Rank; axis++)
            {
                var size = Shape.Sizes[axis];
                var index = indices[axis] < 0 ? indices[axis] + size : indices[axis];
                if ((uint)index >= (uint)size)
                    throw new ArgumentException($"Index {indices[axis]} is out of range for axis {axis} of shape {Shape}.");
                flat = (flat * size) + index;
            }
            return GetFlat(flat);
        }
    }

    /// <summary>Shape, type and the first elements.</summary>
    public override string ToString()
    {
        const int Shown = 8;
        var values = Enumerable.Range(0, Math.Min(Count, Shown)).Select(i => GetFlat(i).ToString("G5", CultureInfo.InvariantCulture));
        return $"Tensor {Shape} {DType} [{string.Join(", ", values)}{(Count > Shown ? ", …" : "")}]";
    }

    internal double GetFlat(int index) => DType switch
    {
        DType.Float32 => Span<float>()[index],
        DType.Float64 => Span<double>()[index],
        DType.Int32 => Span<int>()[index],
        DType.Int64 => Span<long>()[index],
        _ => Span<bool>()[index] ? 1 : 0,
    };

    internal Span<T> Span<T>()
        where T : unmanaged
    {
        if (DTypes.Of<T>() != DType)
            ThrowWrongType(typeof(T).Name);
        CheckAlive();
        if (Recorder.IsOn)
            Recorder.OnAccess(this);
        if (Tracer.IsOn)
            Tracer.OnAccess(this);
        return Block.Span<T>(_start, Count);
    }

    internal Span<byte> Bytes()
    {
        CheckAlive();
        if (Recorder.IsOn)
            Recorder.OnAccess(this);
        if (Tracer.IsOn)
            Tracer.OnAccess(this);
        var size = DType.Size();
        return Block.Span<byte>(_start * size, Count * size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CheckAlive()
    {
        if (Block.Version != _version)
            ThrowReleased();
    }

    /// <summary>Whether both begin at one place.</summary>
    internal bool SharesMemoryWith(Tensor other) => Block == other.Block && _start == other._start;

    /// <summary>A tensor over a part of this one's memory, outside the graph.</summary>
    internal Tensor View(int start, Shape shape)
    {
        CheckAlive();
        return new Tensor(Block, _start + start, shape, DType, Device);
    }

    internal static Tensor Allocate(Shape shape, DType dtype, Device device) =>
        new(TensorScope.Allocate((long)shape.Count * dtype.Size()), 0, shape, dtype, device);

    /// <summary>A tensor without its history, whose memory no scope gives back.</summary>
    internal static Tensor AllocatePersistent(Shape shape, DType dtype, Device device) =>
        new(NewPersistentBlock(shape, dtype), 0, shape, dtype, device);

    internal static Block NewPersistentBlock(Shape shape, DType dtype) => new((long)shape.Count * dtype.Size(), BlockUse.Lasting);

    private void ThrowReleased() => throw new ObjectDisposedException(
        nameof(Tensor),
        $"This tensor of shape {Shape} was made in a TensorScope that has ended, and its memory is in use elsewhere. Call scope.Keep(tensor) to let it outlive the scope.");

    private void ThrowWrongType(string asked) =>
        throw new InvalidOperationException($"The tensor holds {DType} but was read as {asked}. Convert it with To(DType) first.");
}
