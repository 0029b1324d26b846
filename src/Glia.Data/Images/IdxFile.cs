using System.Buffers.Binary;
using System.IO.Compression;

namespace Glia.Data;

/// <summary>An array read from an IDX file, the format of MNIST.</summary>
/// <remarks>
/// The file is two zero bytes, a type code, the number of dimensions, each dimension (32 bits), then the numbers, all big-endian.
/// </remarks>
public sealed class IdxFile
{
    // Memory grows with the data that are there, never by what a header claims.
    private const int ChunkBytes = 1 << 20;

    private readonly byte[] _data;

    private IdxFile(IdxType type, int[] dimensions, byte[] data)
    {
        Type = type;
        Dimensions = dimensions;
        _data = data;
    }

    /// <summary>The type of the numbers.</summary>
    public IdxType Type { get; }

    /// <summary>The shape, slowest axis first.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The numbers of a file of unsigned bytes, row-major.</summary>
    /// <exception cref="InvalidOperationException">The file holds numbers of another type.</exception>
    public ReadOnlySpan<byte> Bytes => Type == IdxType.UInt8
        ? _data
        : throw new InvalidOperationException($"The file holds numbers of type {Type}, not bytes; call ToDoubles.");

    /// <summary>Reads a file, plain or compressed with gzip (whatever its name).</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">The file is not IDX, is damaged, or is shorter or longer than its header says.</exception>
    /// <exception cref="IOException">The file cannot be read, for instance because it does not exist.</exception>
    public static IdxFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = File.OpenRead(path);
        var compressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream stream = compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
        try
        {
            return Read(path, stream);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(path, "the gzip compression is damaged; fetch the file again.", innerException: e);
        }
    }

    /// <summary>The numbers, row-major, whatever their type.</summary>
    public double[] ToDoubles()
    {
        var size = SizeOf(Type);
        var values = new double[_data.Length / size];
        for (var i = 0; i < values.Length; i++)
        {
            var bytes = _data.AsSpan(i * size, size);
            values[i] = Type switch
            {
                IdxType.UInt8 => bytes[0],
                IdxType.Int8 => (sbyte)bytes[0],
                IdxType.Int16 => BinaryPrimitives.ReadInt16BigEndian(bytes),
                IdxType.Int32 => BinaryPrimitives.ReadInt32BigEndian(bytes),
                IdxType.Float32 => BinaryPrimitives.ReadSingleBigEndian(bytes),
                _ => BinaryPrimitives.ReadDoubleBigEndian(bytes),
            };
        }

        return values;
    }

    private static IdxFile Read(string path, Stream stream)
    {
        Span<byte> header = stackalloc byte[4 + 4 * byte.MaxValue];
        if (stream.ReadAtLeast(header[..4], 4, throwOnEndOfStream: false) < 4 || header[0] != 0 || header[1] != 0
            || !Enum.IsDefined((IdxType)header[2]) || header[3] == 0)
        {
            throw new DataFormatException(
                path, "this is not an IDX file; it does not begin with 0, 0, a type code and the number of dimensions.");
        }

        var type = (IdxType)header[2];
        var sizes = header.Slice(4, 4 * header[3]);
        if (stream.ReadAtLeast(sizes, sizes.Length, throwOnEndOfStream: false) < sizes.Length)
            throw new DataFormatException(path, "the file ends within its header; fetch it again.");

        var dimensions = new int[sizes.Length / 4];
        long length = SizeOf(type);
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(sizes[(4 * i)..]);

            // Checked at every step, so that the product cannot overflow.
            if (dimensions[i] < 0 || (length *= dimensions[i]) > Array.MaxLength)
            {
                throw new DataFormatException(
                    path, $"dimension {i + 1} is {(uint)dimensions[i]}, which makes more data than fit into memory.");
            }
        }

        return new IdxFile(type, dimensions, ReadData(path, stream, (int)length));
    }

    private static byte[] ReadData(string path, Stream stream, int length)
    {
        var data = new byte[Math.Min(length, ChunkBytes)];
        var count = 0;
        while (count < length)
        {
            if (count == data.Length)
                Array.Resize(ref data, (int)Math.Min(length, 2L * data.Length));

            var read = stream.Read(data, count, data.Length - count);
            if (read == 0)
            {
                throw new DataFormatException(
                    path, $"the file is truncated: its header announces {length} bytes of data, but there are {count}.");
            }

            count += read;
        }

        if (stream.ReadByte() >= 0)
            throw new DataFormatException(path, $"the file is longer than the {length} bytes of data that its header announces.");

        return data;
    }

    private static int SizeOf(IdxType type) => type switch
    {
        IdxType.UInt8 or IdxType.Int8 => 1,
        IdxType.Int16 => 2,
        IdxType.Int32 or IdxType.Float32 => 4,
        _ => 8,
    };
}
