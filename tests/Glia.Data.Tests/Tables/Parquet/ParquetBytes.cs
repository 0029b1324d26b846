using System.Text;

namespace Glia.Data.Tests;

/// <summary>Writes Parquet files by hand, also such as no library would.</summary>
internal sealed class ParquetBytes
{
    public const int Int32 = 1;
    public const int Text = 6;
    public const int Uncompressed = 0;
    public const int Zstandard = 6;

    private readonly List<byte> _file = [.. "PAR1"u8];
    private readonly List<(string Name, int Type, int Codec)> _columns = [];
    private readonly List<(long Rows, (long Start, long Length)[] Chunks)> _groups = [];

    /// <summary>Adds a column to the schema, whose values are never missing.</summary>
    public ParquetBytes Column(string name, int type, int codec = Uncompressed)
    {
        _columns.Add((name, type, codec));
        return this;
    }

    /// <summary>Adds a page (0 data, 2 dictionary); where it is.</summary>
    public (long Start, long Length) Page(int kind, int values, int encoding, byte[] stored, int? expanded = null)
    {
        var header = new Thrift().Int(1, kind).Int(2, expanded ?? stored.Length).Int(3, stored.Length).Begin(kind == 0 ? 5 : 7).Int(1, values).Int(2, encoding);
        if (kind == 0)
            header.Int(3, 3).Int(4, 3);
        var start = _file.Count;
        _file.AddRange(header.End().End().Bytes);
        _file.AddRange(stored);
        return (start, _file.Count - start);
    }

    /// <summary>Adds a row group that has its columns in these places, which may be those of others.</summary>
    public ParquetBytes Group(long rows, params (long Start, long Length)[] chunks)
    {
        _groups.Add((rows, chunks));
        return this;
    }

    public byte[] ToArray()
    {
        var footer = new Thrift().Int(1, 2).List(2, _columns.Count + 1);
        footer.Text(4, "schema").Int(5, _columns.Count).End();
        foreach (var (name, type, _) in _columns)
            footer.Int(1, type).Int(3, 0).Text(4, name).End();
        footer.Reset(2).Int(3, _groups.Sum(g => g.Rows)).List(4, _groups.Count);
        foreach (var (rows, chunks) in _groups)
        {
            footer.List(1, chunks.Length);
            for (var i = 0; i < chunks.Length; i++)
            {
                footer.Begin(3).Int(4, _columns[i].Codec).Int(5, rows).Int(7, chunks[i].Length).Int(9, chunks[i].Start).End().End();
            }

            footer.Reset(1).Int(3, rows).End();
        }

        footer.Reset(4).End();
        var bytes = footer.Bytes;
        return [.. _file, .. bytes, .. BitConverter.GetBytes(bytes.Length), .. "PAR1"u8];
    }

    /// <summary>A whole number as both formats write it, seven bits a byte.</summary>
    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }

    /// <summary>The compact protocol of Thrift.</summary>
    private sealed class Thrift
    {
        private readonly List<byte> _bytes = [];
        private readonly Stack<int> _outer = [];
        private int _last;

        public byte[] Bytes => [.. _bytes];

        public Thrift Int(int id, long value) => Field(id, 6, Varint((ulong)((value << 1) ^ (value >> 63))));

        public Thrift Text(int id, string text) => Field(id, 8, [.. Varint((ulong)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)]);

        public Thrift Begin(int id)
        {
            Field(id, 12, []);
            _outer.Push(_last);
            _last = 0;
            return this;
        }

        /// <summary>The end of a structure; after one in a list, the next begins.</summary>
        public Thrift End()
        {
            _bytes.Add(0);
            _last = _outer.TryPop(out var outer) ? outer : 0;
            return this;
        }

        /// <summary>A list of structures, each of which ends by <see cref="End"/>; after the last one comes <see cref="Reset"/>.</summary>
        public Thrift List(int id, int count)
        {
            Field(id, 9, [0xFC, .. Varint((ulong)count)]);
            _last = 0;
            return this;
        }

        public Thrift Reset(int last)
        {
            _last = last;
            return this;
        }

        private Thrift Field(int id, int type, byte[] content)
        {
            _bytes.Add((byte)(((id - _last) << 4) | type));
            _bytes.AddRange(content);
            _last = id;
            return this;
        }
    }
}
