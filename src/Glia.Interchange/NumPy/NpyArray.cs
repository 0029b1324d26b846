namespace Glia.Interchange.NumPy;

/// <summary>An array of an npy file or of one inside an npz archive.</summary>
internal sealed class NpyArray(string name, NpyHeader header, ZipEntry? zip) : WeightEntry(name, header.DType, header.Shape, (zip?.Start ?? 0) + header.Length, header.ByteLength)
{
    public ZipEntry? Zip => zip;

    /// <summary>Whether the bytes are in the file as they are wanted.</summary>
    public bool IsPlain => zip is not { IsDeflated: true } && !NeedsOrder && !header.IsBigEndian;

    /// <summary>Whether the checksum was compared.</summary>
    public bool IsVerified { get; set; } = zip is null;

    private bool NeedsOrder => header.IsColumnMajor && !Strides.AreRowMajor(header.Shape, Strides.ColumnMajor(header.Shape));

    /// <summary>The elements in row-major order and little-endian.</summary>
    /// <param name="file">The whole npy file.</param>
    public byte[] Arrange(byte[] file)
    {
        var data = file.AsSpan(header.Length);
        var result = new byte[data.Length];
        if (NeedsOrder)
            Strides.Gather(data, header.Shape, Strides.ColumnMajor(header.Shape), DType.Size(), result);
        else
            data.CopyTo(result);
        if (header.IsBigEndian)
            Strides.Swap(result, DType.Size());
        return result;
    }
}
