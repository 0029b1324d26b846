namespace Glia.Interchange.PyTorch;

/// <summary>A tensor of a PyTorch file, with where its storage lies.</summary>
internal sealed class PyTorchEntry : WeightEntry
{
    private readonly PickleTensor _tensor;

    public PyTorchEntry(string name, PickleTensor tensor, ZipEntry storage, bool isBigEndian)
        : base(name, tensor.DType, tensor.Shape, storage.Start + (tensor.Offset * tensor.DType.Size()), tensor.DType.ByteLength(tensor.Shape)!.Value)
    {
        (_tensor, Storage, IsBigEndian) = (tensor, storage, isBigEndian);
        IsPlain = !storage.IsDeflated && !isBigEndian && Strides.AreRowMajor(tensor.Shape, tensor.Strides);
    }

    public ZipEntry Storage { get; }

    /// <summary>Whether the bytes are in the file as they are wanted.</summary>
    public bool IsPlain { get; }

    /// <summary>How many bytes are read to get at the elements: all from the first to the last, of a compressed storage all.</summary>
    public long ReadLength => ByteLength == 0 ? 0 : Storage.IsDeflated ? Storage.Length : IsPlain ? ByteLength : Extent;

    private bool IsBigEndian { get; }

    private long Extent => Strides.Extent(_tensor.Shape, _tensor.Strides)!.Value * DType.Size();

    /// <summary>The elements in row-major order and little-endian.</summary>
    /// <param name="readStorage">Gives so many bytes of the storage from an offset on.</param>
    public byte[] Arrange(Func<long, long, byte[]> readStorage)
    {
        var size = DType.Size();
        if (ByteLength == 0)
            return [];
        var source = readStorage(_tensor.Offset * size, Extent);
        var result = new byte[ByteLength];
        Strides.Gather(source, _tensor.Shape, _tensor.Strides, size, result);
        if (IsBigEndian)
            Strides.Swap(result, size);
        return result;
    }
}
