using System.Text;
using Apache.Arrow;

namespace Glia.Data.Tests;

/// <summary>Small Arrow files that are made to take much memory or time.</summary>
public class HostileArrowTests
{
    private const int Integer = 2;
    private const int Text = 5;
    private const int TextView = 24;

    [Fact]
    public void HandWrittenStream_IsRead()
    {
        byte[] stream = [.. Schema(("n", Integer)), .. Batch(2, [(2, 0)], [(0, 0), (0, 8)], [5, 0, 0, 0, 7, 0, 0, 0])];
        using var folder = new TempFolder();
        Assert.Equal([5, 7], Table.Read(folder.File("t.arrow", stream))["n"].Numbers);
    }

    [Fact]
    public void FieldsOfOneName_AreRefusedBeforeAllNamesAreKept()
    {
        // All elements of the vector point to one field.
        const int fields = 12_500;
        Assert.Contains("is damaged", Hostile.Refuse("t.arrow", Message(1, flat =>
        {
            var schema = flat.Table(2);
            var vector = flat.Vector(fields, new byte[4 * fields]);
            flat.Point(schema, 1, vector);
            var field = Field(flat, Integer);
            for (var i = 0; i < fields; i++)
                flat.Point(vector + 4 + (4 * i), field);
            flat.Point(field, 0, flat.Vector(50_000, Encoding.ASCII.GetBytes(new string('a', 50_000))));
            return schema;
        })), StringComparison.Ordinal);
    }

    [Fact]
    public void BlocksOfOnePlace_AreRefused()
    {
        // A footer that names one batch, whose description is half a megabyte, 20,000 times.
        const int blocks = 20_000;
        var batch = Batch(1, [(1, 0)], [(0, 0), (0, 4), .. new (long, long)[30_000]], [1, 0, 0, 0]);
        var flat = new FlatBytes();
        var footer = flat.Table(4);
        var schema = flat.Table(2);
        flat.Point(footer, 1, schema);
        Fields(flat, schema, ("n", Integer));
        flat.Point(footer, 3, flat.Vector(blocks, [.. Enumerable.Repeat(Longs(8, 0, 0), blocks).SelectMany(b => b)]));
        var bytes = flat.ToArray();
        byte[] file = [.. "ARROW1\0\0"u8, .. batch, .. bytes, .. BitConverter.GetBytes(bytes.Length), .. "ARROW1"u8];
        Assert.Contains("the file is damaged", Hostile.Refuse("t.arrow", file), StringComparison.Ordinal);
    }

    [Fact]
    public void ViewsOfTheSameBytes_AreBounded()
    {
        // Each text begins a byte later: 6,000 texts of some 100,000 bytes.
        const int rows = 6_000;
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:x5}")));
        byte[] views = [.. Enumerable.Range(0, rows).SelectMany(i => (byte[])[.. BitConverter.GetBytes(text.Length - i), 0, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(i)])];
        byte[] file = [.. Schema(("t", TextView)), .. Batch(rows, [(rows, 0)], [(0, 0), (0, views.Length), (views.Length, text.Length)], [.. views, .. text], variadic: 1)];
        Assert.Contains("more than is believed", Hostile.Refuse("t.arrow", file, perByte: Hostile.Shared), StringComparison.Ordinal);
    }

    [Fact]
    public void TextsThatGoBackwards_AreBounded()
    {
        // Every other value is missing, and its text would end before it begins: 12,000 times a text of 100,000 bytes.
        const int rows = 24_000;
        var text = Encoding.ASCII.GetBytes(new string('a', 100_000));
        byte[] offsets = [.. Enumerable.Range(0, rows + 1).SelectMany(i => BitConverter.GetBytes(i % 2 == 0 ? i / 2 % 1000 : text.Length))];
        byte[] present = [.. Enumerable.Repeat((byte)0x55, rows / 8)];
        byte[] file =
        [
            .. Schema(("t", Text)),
            .. Batch(rows, [(rows, 1)], [(0, present.Length), (present.Length, offsets.Length), (present.Length + offsets.Length, text.Length)], [.. present, .. offsets, .. text]),
        ];
        Assert.Contains("more than is believed", Hostile.Refuse("t.arrow", file, perByte: Hostile.Shared), StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsOfTheSameBuffers_AreRefused()
    {
        const int columns = 1000, bytes = 400_000;
        byte[] file =
        [
            .. Schema([.. Enumerable.Range(0, columns).Select(i => ($"c{i}", Integer))]),
            .. Batch(bytes / 4, [.. Enumerable.Repeat<(long, long)>((bytes / 4, 0), columns)], [.. Enumerable.Repeat<(long, long)[]>([(0, 0), (0, bytes)], columns).SelectMany(b => b)], new byte[bytes]),
        ];
        Assert.Contains("the file is damaged", Hostile.Refuse("t.arrow", file), StringComparison.Ordinal);
    }

    [Fact]
    public void BuffersOfNothingButZeros_AreBoundedInAll()
    {
        const int columns = 40, expanded = 4 << 20;
        using var zstd = new ZstdSharp.Compressor();
        byte[] zeros = [.. BitConverter.GetBytes((long)expanded), .. zstd.Wrap(new byte[expanded])];
        byte[] file =
        [
            .. Schema([.. Enumerable.Range(0, columns).Select(i => ($"c{i}", Integer))]),
            .. Batch(
                expanded / 4, [.. Enumerable.Repeat<(long, long)>((expanded / 4, 0), columns)], [.. Enumerable.Range(0, columns).SelectMany(IEnumerable<(long, long)> (i) => [(0, 0), (i * zeros.Length, zeros.Length)])],
                [.. Enumerable.Repeat(zeros, columns).SelectMany(b => b)], isCompressed: true),
        ];
        Assert.Contains("more than is believed", Hostile.Refuse("t.arrow", file, perByte: Hostile.Compressed), StringComparison.Ordinal);
    }

    [Fact]
    public void DictionaryThatGrowsManyTimes_IsBounded()
    {
        // Each part adds 65,536 missing entries in some hundred bytes.
        byte[] file = [.. Schema(("d", 1, true)), .. Enumerable.Range(0, 400).SelectMany(i => Message(2, flat =>
        {
            var dictionary = flat.Table(3);
            flat.Set(dictionary, 2, i > 0 ? 1 : 0);
            var content = BatchTable(flat, 1 << 16, [(1 << 16, 1 << 16)], [], 0, false);
            flat.Point(dictionary, 1, content);
            return dictionary;
        })), .. Batch(1, [(1, 0)], [(0, 0), (0, 4)], [0, 0, 0, 0])];
        Assert.Contains("more than is believed", Hostile.Refuse("t.arrow", file, perByte: Hostile.Compressed), StringComparison.Ordinal);
    }

    [Fact]
    public void TextOfADictionaryOfManyColumns_IsKeptOnce()
    {
        const int columns = 600, length = 50_000;
        byte[] file =
        [
            .. Schema([.. Enumerable.Range(0, columns).Select(i => ($"c{i}", Text, true))]),
            .. Message(2, flat =>
            {
                var dictionary = flat.Table(3);
                flat.Point(dictionary, 1, BatchTable(flat, 1, [(1, 0)], [(0, 0), (0, 8), (8, length)], 0, false));
                return dictionary;
            }, 8 + length),
            0, 0, 0, 0, .. BitConverter.GetBytes(length), .. Encoding.ASCII.GetBytes(new string('a', length)),
            .. Batch(1, [.. Enumerable.Repeat((1L, 0L), columns)], [.. Enumerable.Range(0, columns).SelectMany(IEnumerable<(long, long)> (i) => [(0, 0), (4 * i, 4)])], new byte[4 * columns]),
        ];
        Hostile.ReadsOrRefuses("t.arrow", file);
        using var folder = new TempFolder();
        var table = Table.Read(folder.File("t.arrow", file));
        Assert.Equal(columns, table.Columns.Count);
        Assert.Same(table.Columns[0].Categories[0], table.Columns[^1].Categories[0]);
    }

    [Fact]
    public void RowsThatTakeNoBytes_AreNoLargeTable() => Hostile.Refuse("t.arrow", Columnar.Arrow([new RecordBatch.Builder().Append("n", true, new NullArray(500_000)).Build()]), 0);

    private static byte[] Schema(params (string Name, int Kind)[] fields) => Schema([.. fields.Select(f => (f.Name, f.Kind, false))]);

    private static byte[] Schema(params (string Name, int Kind, bool HasDictionary)[] fields) => Message(1, flat =>
    {
        var schema = flat.Table(2);
        Fields(flat, schema, fields);
        return schema;
    });

    private static void Fields(FlatBytes flat, int schema, params (string Name, int Kind)[] fields) => Fields(flat, schema, [.. fields.Select(f => (f.Name, f.Kind, false))]);

    private static void Fields(FlatBytes flat, int schema, params (string Name, int Kind, bool HasDictionary)[] fields)
    {
        var vector = flat.Vector(fields.Length, new byte[4 * fields.Length]);
        flat.Point(schema, 1, vector);
        for (var i = 0; i < fields.Length; i++)
        {
            var field = Field(flat, fields[i].Kind);
            flat.Point(vector + 4 + (4 * i), field);
            flat.Point(field, 0, flat.Vector(fields[i].Name.Length, Encoding.ASCII.GetBytes(fields[i].Name)));
            if (fields[i].HasDictionary)
                flat.Point(field, 4, flat.Table(1));
        }
    }

    private static int Field(FlatBytes flat, int kind)
    {
        var field = flat.Table(6);
        flat.Set(field, 2, kind);
        var type = flat.Table(2);
        flat.Set(type, 0, 32).Set(type, 1, 1);
        flat.Point(field, 3, type);
        return field;
    }

    private static byte[] Batch(long rows, (long Length, long Missing)[] nodes, (long Offset, long Length)[] buffers, byte[] body, int variadic = 0, bool isCompressed = false) =>
        [.. Message(3, flat => BatchTable(flat, rows, nodes, buffers, variadic, isCompressed), body.Length), .. body];

    private static int BatchTable(FlatBytes flat, long rows, (long Length, long Missing)[] nodes, (long Offset, long Length)[] buffers, int variadic, bool isCompressed)
    {
        var batch = flat.Table(5);
        flat.Set(batch, 0, rows);
        flat.Point(batch, 1, flat.Vector(nodes.Length, Longs([.. nodes.SelectMany(n => (long[])[n.Length, n.Missing])])));
        flat.Point(batch, 2, flat.Vector(buffers.Length, Longs([.. buffers.SelectMany(b => (long[])[b.Offset, b.Length])])));
        if (isCompressed)
        {
            var compression = flat.Table(2);
            flat.Set(compression, 0, 1).Point(batch, 3, compression);
        }

        if (variadic > 0)
            flat.Point(batch, 4, flat.Vector(1, Longs(variadic)));
        return batch;
    }

    private static byte[] Message(int kind, Func<FlatBytes, int> content, long body = 0)
    {
        var flat = new FlatBytes();
        var message = flat.Table(4);
        flat.Set(message, 1, kind).Set(message, 3, body);
        flat.Point(message, 2, content(flat));
        var bytes = flat.ToArray();
        return [0xFF, 0xFF, 0xFF, 0xFF, .. BitConverter.GetBytes(bytes.Length), .. bytes];
    }

    private static byte[] Longs(params long[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
