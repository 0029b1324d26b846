using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Glia.Interchange;

/// <summary>One file inside a zip archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Where its bytes begin in the archive.</param>
/// <param name="StoredLength">How many bytes it takes there.</param>
/// <param name="Length">How many bytes it should have.</param>
/// <param name="IsDeflated">Whether it is compressed.</param>
/// <param name="Checksum">CRC-32 of its content.</param>
internal sealed record ZipEntry(string Name, long Start, long StoredLength, long Length, bool IsDeflated, uint Checksum);

/// <summary>
/// The table of a zip archive, with 64-bit sizes where they are needed. Stricter than most: names are unique, files lie inside the archive and do not overlap, so that the
/// contents cannot be much more than the archive but for what deflate does, and whoever reads a deflated file says how much of it there may be.
/// </summary>
internal sealed class ZipReader
{
    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const uint EntrySignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndLength = 22;
    private const int End64Length = 56;
    private const int Locator64Length = 20;
    private const int EntryLength = 46;
    private const int LocalLength = 30;
    private const int MaxComment = ushort.MaxValue;
    private const long MaxTableLength = 256L << 20;
    private const int Encrypted = 1;

    private readonly FileBytes _bytes;
    private readonly Func<string, Exception?, WeightFileException> _error;
    private readonly long _length;

    public ZipReader(FileBytes bytes, Func<string, Exception?, WeightFileException> error)
    {
        (_bytes, _error, _length) = (bytes, error, bytes.Length);
        var (count, offset, size) = FindTable();
        if (offset < 0 || size < 0 || offset > _length - size || size > MaxTableLength || count < 0 || count > size / EntryLength)
            throw Error("the table at its end does not fit into it; it is cut short or damaged.");
        Entries = ReadTable(_bytes.Read(offset, size), (int)count, offset);
    }

    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <summary>The whole content of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="limit">How many bytes it may have; more are refused without being read.</param>
    /// <param name="verifies">Whether the checksum counts.</param>
    public byte[] Read(ZipEntry entry, long limit, bool verifies)
    {
        if (entry.Length > limit)
            throw Error($"{Quote(entry)} should have {entry.Length} bytes where at most {limit} were expected.");
        var content = entry.IsDeflated ? Inflate(entry) : _bytes.Read(entry.Start, entry.Length);
        if (verifies)
            Compare(entry, Crc32.Of(content));
        return content;
    }

    /// <summary>Reads an entry that is stored as it is, a piece at a time, and compares it with its checksum.</summary>
    public void Verify(ZipEntry entry)
    {
        const int pieceLength = 1 << 18;
        var piece = new byte[Math.Min(pieceLength, entry.Length)];
        var checksum = 0u;
        for (long done = 0; done < entry.Length; done += piece.Length)
        {
            var part = piece.AsSpan(0, (int)Math.Min(piece.Length, entry.Length - done));
            _bytes.ReadAt(entry.Start + done, part);
            checksum = Crc32.Append(checksum, part);
        }
        Compare(entry, checksum);
    }

    /// <summary>The first bytes of an entry, or fewer if it has no more.</summary>
    public byte[] ReadStart(ZipEntry entry, int count)
    {
        if (!entry.IsDeflated)
            return _bytes.Read(entry.Start, Math.Min(count, entry.Length));
        var start = new byte[Math.Min(count, entry.Length)];
        Inflating(entry, stream => stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: true));
        return start;
    }

    private void Compare(ZipEntry entry, uint checksum)
    {
        if (checksum != entry.Checksum)
            throw Error($"{Quote(entry)} does not match its checksum, so it was changed or damaged after it was written.");
    }

    private byte[] Inflate(ZipEntry entry)
    {
        // Grows as bytes come: a wrong length in the table costs nothing.
        const int firstPiece = 64 * 1024;
        var content = new byte[Math.Min(entry.Length, firstPiece)];
        Inflating(entry, stream =>
        {
            var filled = 0;
            while (true)
            {
                filled += stream.ReadAtLeast(content.AsSpan(filled), content.Length - filled, throwOnEndOfStream: true);
                if (filled == entry.Length)
                    break;
                Array.Resize(ref content, (int)Math.Min(entry.Length, 2L * content.Length));
            }
            if (stream.ReadByte() >= 0)
                throw Error($"{Quote(entry)} has more bytes than the {entry.Length} that the archive says.");
        });
        return content;
    }

    private void Inflating(ZipEntry entry, Action<Stream> read)
    {
        if (entry.Length > Array.MaxLength)
            throw Error($"{Quote(entry)} is compressed and has {entry.Length} bytes; at most {Array.MaxLength} are read. Store it without compression.");
        try
        {
            using var stream = new DeflateStream(_bytes.Open(entry.Start, entry.StoredLength), CompressionMode.Decompress);
            read(stream);
        }
        catch (Exception cause) when (cause is InvalidDataException or EndOfStreamException)
        {
            throw _error($"{Quote(entry)} is compressed and damaged.", cause);
        }
    }

    private (long Count, long Offset, long Size) FindTable()
    {
        if (_length < EndLength)
            throw Error("it is too short for a zip archive.");
        var tail = _bytes.Read(Math.Max(0, _length - EndLength - MaxComment), Math.Min(_length, EndLength + MaxComment));
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (U32(end, 0) != EndSignature || U16(end, 20) != end.Length - EndLength)
                continue;
            var position = _length - tail.Length + at;
            if (U16(end, 4) != U16(end, 6) || U16(end, 8) != U16(end, 10))
                throw Error("it is an archive in several parts, which is not read.");
            return U16(end, 10) == ushort.MaxValue || U32(end, 12) == uint.MaxValue || U32(end, 16) == uint.MaxValue
                ? FindTable64(position)
                : (U16(end, 10), U32(end, 16), U32(end, 12));
        }
        throw Error("the table at its end is missing; it is cut short or damaged.");
    }

    private (long Count, long Offset, long Size) FindTable64(long end)
    {
        var locator = _bytes.Read(end - Locator64Length, Locator64Length);
        if (U32(locator, 0) != Locator64Signature)
            throw Error("the table at its end says that sizes have 64 bits but does not hold them.");
        var record = _bytes.Read(I64(locator, 8), End64Length);
        if (U32(record, 0) != End64Signature)
            throw Error("the table at its end says that sizes have 64 bits but does not hold them.");
        return (I64(record, 32), I64(record, 48), I64(record, 40));
    }

    private ZipEntry[] ReadTable(ReadOnlySpan<byte> table, int count, long tableStart)
    {
        var entries = new ZipEntry[count];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tableEnd = tableStart;
        for (var i = 0; i < count; i++)
        {
            if (table.Length < EntryLength || U32(table, 0) != EntrySignature)
                throw Error("its table is damaged.");
            var (nameLength, extraLength, commentLength) = (U16(table, 28), U16(table, 30), U16(table, 32));
            var whole = EntryLength + nameLength + extraLength + commentLength;
            if (whole > table.Length)
                throw Error("its table is damaged.");
            entries[i] = ReadEntry(table, Encoding.UTF8.GetString(table.Slice(EntryLength, nameLength)), table.Slice(EntryLength + nameLength, extraLength), tableEnd);
            if (!names.Add(entries[i].Name))
                throw Error($"{Quote(entries[i])} occurs twice; names must be unique.");
            table = table[whole..];
        }
        CheckOverlaps(entries);
        return entries;
    }

    private ZipEntry ReadEntry(ReadOnlySpan<byte> record, string name, ReadOnlySpan<byte> extra, long tableStart)
    {
        var (flags, method) = (U16(record, 8), U16(record, 10));
        long stored = U32(record, 20), length = U32(record, 24), local = U32(record, 42);
        Extend(extra, ref length, ref stored, ref local);
        var entry = new ZipEntry(name, 0, stored, length, method != 0, U32(record, 16));
        if ((flags & Encrypted) != 0)
            throw Error($"{Quote(entry)} is encrypted, which is not read.");
        if (method is not (0 or 8))
            throw Error($"{Quote(entry)} is compressed by method {method}; only files stored as they are, and deflated ones, are read.");
        if (local < 0 || local > tableStart - LocalLength)
            throw Error($"{Quote(entry)} does not lie inside the archive.");
        var header = _bytes.Read(local, LocalLength);
        if (U32(header, 0) != LocalSignature)
            throw Error($"{Quote(entry)} is not where the table says.");
        var start = local + LocalLength + U16(header, 26) + U16(header, 28);
        if (stored < 0 || length < 0 || start > tableStart || stored > tableStart - start)
            throw Error($"{Quote(entry)} does not lie inside the archive.");
        if (method == 0 && stored != length)
            throw Error($"{Quote(entry)} is stored as it is but has two lengths, {stored} and {length}.");
        return entry with { Start = start };
    }

    /// <summary>Takes 64-bit sizes from the extra field where the 32-bit ones say so.</summary>
    private static void Extend(ReadOnlySpan<byte> extra, ref long length, ref long stored, ref long local)
    {
        const int zip64 = 1;
        while (extra.Length >= 4)
        {
            var size = Math.Min(U16(extra, 2), extra.Length - 4);
            var field = extra.Slice(4, size);
            if (U16(extra, 0) == zip64)
            {
                Take(ref length, ref field);
                Take(ref stored, ref field);
                Take(ref local, ref field);
            }
            extra = extra[(4 + size)..];
        }

        static void Take(ref long value, ref ReadOnlySpan<byte> field)
        {
            if (value != uint.MaxValue || field.Length < sizeof(long))
                return;
            value = I64(field, 0);
            field = field[sizeof(long)..];
        }
    }

    private void CheckOverlaps(ZipEntry[] entries)
    {
        long end = 0;
        foreach (var entry in entries.OrderBy(e => e.Start).ThenBy(e => e.StoredLength))
        {
            if (entry.Start < end)
                throw Error($"{Quote(entry)} overlaps another file of the archive.");
            end = entry.Start + entry.StoredLength;
        }
    }

    private WeightFileException Error(string problem) => _error(problem, null);

    private static string Quote(ZipEntry entry) => SafetensorsHeader.Quote(entry.Name);

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
