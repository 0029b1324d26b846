namespace Glia.Interchange.PyTorch;

/// <summary>A name of Python's that a pickle refers to.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public string FullName => $"{Module}.{Name}";
}

/// <summary>A dictionary in the order of the file; keys may occur twice.</summary>
internal sealed class PickleDict
{
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>The numbers of one or several tensors.</summary>
/// <param name="Key">Under which they lie in the file.</param>
/// <param name="ElementSize">The bytes of an element; 1 for bytes without a type.</param>
/// <param name="DType">The type of the elements; null for bytes without one.</param>
/// <param name="ByteLength">How many bytes they have.</param>
internal sealed record PickleStorage(string Key, int ElementSize, SafetensorsDType? DType, long ByteLength);

/// <summary>A tensor as a view of a storage.</summary>
internal sealed record PickleTensor(PickleStorage Storage, SafetensorsDType DType, long Offset, long[] Shape, long[] Strides);
