using System.Buffers.Binary;

namespace Glia.Interchange;

/// <content>Finds out what a file is by how it begins.</content>
public abstract partial class WeightFile
{
    private const string Known = "safetensors files and their indexes, PyTorch's .pt and .pth, NumPy's .npz and .npy, and .onnx are read";

    /// <summary>Opens a file of tensors; what it is, is seen by its content, not by its name. Dispose the result to close it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightFileException">The file is of none of the formats, is damaged, or holds what is not read.</exception>
    /// <exception cref="OnnxException">It is an ONNX file that is damaged.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public static WeightFile Open(string path)
    {
        WeightFileException Fail(string problem, Exception? cause = null) => new($"{path}: {problem}", cause);
        Kind kind;
        using (var bytes = FileBytes.Open(path, "a file of weights", Fail))
            kind = KindOf(bytes, Fail);
        return kind switch
        {
            Kind.Safetensors => SafetensorsFile.Open(path),
            Kind.Index => ShardedSafetensorsFile.Open(path),
            Kind.PyTorch => PyTorchFile.Open(path),
            Kind.Numpy => NumpyFile.Open(path),
            _ => new OnnxWeights(OnnxModel.Load(path), Path.GetDirectoryName(Path.GetFullPath(path))),
        };
    }

    /// <summary>Reads a file that is already in memory; the memory must not change while the result is used. An index is refused, since its shards are files.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="source">What to call it in error messages.</param>
    /// <exception cref="WeightFileException">As by <see cref="Open"/>.</exception>
    /// <exception cref="OnnxException">It is an ONNX file that is damaged.</exception>
    public static WeightFile Read(ReadOnlyMemory<byte> content, string source = "weights")
    {
        ArgumentNullException.ThrowIfNull(source);
        WeightFileException Fail(string problem, Exception? cause = null) => new($"{source}: {problem}", cause);
        using var bytes = FileBytes.Of(content, Fail);
        return KindOf(bytes, Fail) switch
        {
            Kind.Safetensors => SafetensorsFile.Read(content, source),
            Kind.Index => throw Fail("it is the index of a sharded safetensors file, which is read from its path only."),
            Kind.PyTorch => PyTorchFile.Read(content, source),
            Kind.Numpy => NumpyFile.Read(content, source),
            _ => new OnnxWeights(OnnxModel.Read(content, source), folder: null),
        };
    }

    /// <summary>Reads the rest of a stream into memory, and from there.</summary>
    /// <param name="stream">The stream; it is not closed.</param>
    /// <param name="source">What to call it in error messages.</param>
    /// <exception cref="WeightFileException">As by <see cref="Open"/>.</exception>
    /// <exception cref="OnnxException">It is an ONNX file that is damaged.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static WeightFile Read(Stream stream, string source = "weights") => Read(Content(stream), source);

    private protected static ReadOnlyMemory<byte> Content(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }

    private static Kind KindOf(FileBytes bytes, Func<string, Exception?, WeightFileException> error)
    {
        const int enough = 16;
        // A pickle of torch.save's older format: protocol 2, then a long number of 10 bytes.
        ReadOnlySpan<byte> oldPyTorch = [0x80, 2, 0x8a, 10];
        ReadOnlySpan<byte> hdf5 = [0x89, (byte)'H', (byte)'D', (byte)'F'];
        var start = bytes.Read(0, Math.Min(bytes.Length, enough)).AsSpan();
        if (ZipSignature.Begins(start))
            return KindOfArchive(new ZipReader(bytes, error), error);
        if (NumPy.NpyHeader.Begins(start))
            return Kind.Numpy;
        if (start.StartsWith(oldPyTorch))
            return Kind.PyTorch;
        if (start.StartsWith(hdf5))
            throw error("it is an HDF5 file, as Keras writes it, which is not read. In Python, save the weights by numpy.savez(path, **{name: array, …}).", null);
        if (start.Length > SafetensorsHeader.LengthBytes && start[SafetensorsHeader.LengthBytes] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) < 1UL << 40)
            return Kind.Safetensors;
        if (start.Length > 0 && start[0] == '{')
            return Kind.Index;
        if (start.Length > 1 && start[0] == 0x80 && start[1] is >= 2 and <= 5)
            throw error($"it is a pickle of Python, but not a file of torch.save. {PyTorch.PickleGlobals.Advice}", null);
        // ONNX has no signature; nearly every file begins with the version of the format, field 1.
        if (start.Length > 1 && start[0] == 0x08 && start[1] < 0x80)
            return Kind.Onnx;
        throw error($"it is no file of weights that Glia knows; {Known}.", null);
    }

    private static Kind KindOfArchive(ZipReader zip, Func<string, Exception?, WeightFileException> error)
    {
        if (zip.Entries.Any(e => e.Name.EndsWith("data.pkl", StringComparison.Ordinal)))
            return Kind.PyTorch;
        if (zip.Entries.All(e => e.Name.EndsWith(".npy", StringComparison.Ordinal)))
            return Kind.Numpy;
        if (zip.Entries.Any(e => e.Name.EndsWith(".weights.h5", StringComparison.Ordinal)))
            throw error("it is a model of Keras, which is not read. In Python, save the weights by numpy.savez(path, **{name: array, …}).", null);
        throw error($"it is a zip archive of neither PyTorch nor NumPy; it holds {SafetensorsHeader.Quote(zip.Entries[0].Name)}.", null);
    }

    private enum Kind
    {
        Safetensors,
        Index,
        PyTorch,
        Numpy,
        Onnx,
    }
}
