using System.Buffers.Binary;

namespace Glia.Data;

/// <summary>The description at the end of a Parquet file. Source: the Apache Parquet format, version 2.</summary>
internal sealed class ParquetFile : ColumnarFile
{
    private const int EndBytes = 8;
    private const int MostFooterBytes = 256 << 20;

    private readonly ByteSource _source;
    private readonly ParquetSchema _schema;
    private readonly List<ParquetRowGroup> _groups = [];

    private ParquetFile(ByteSource source)
    {
        _source = source;
        if (source.Length < 4 + EndBytes)
            throw new CorruptDataException("this is not a Parquet file, or it is truncated.");
        var end = source.Read(source.Length - EndBytes, EndBytes);
        if (end.AsSpan(4).SequenceEqual("PARE"u8))
            throw Encrypted();
        if (!end.AsSpan(4).SequenceEqual("PAR1"u8))
            throw new CorruptDataException("this is not a Parquet file, or it is truncated: it does not end with 'PAR1'.");
        DataEnd = source.Length - EndBytes - CorruptDataException.Length(
            BinaryPrimitives.ReadInt32LittleEndian(end), Math.Min(MostFooterBytes, source.Length - 4 - EndBytes), "the length of the description at the end");
        var reader = new ThriftReader(source.Read(DataEnd, (int)(source.Length - EndBytes - DataEnd)));
        ParquetSchema? schema = null;
        var rows = -1L;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 2:
                    schema = ParquetSchema.Read(ref reader, type);
                    break;
                case 3:
                    rows = reader.Integer(type);
                    break;
                case 4:
                    ReadGroups(ref reader, type, schema ?? throw new CorruptDataException("the file has no schema; it is damaged."));
                    break;
                case 8:
                    throw Encrypted();
                default:
                    reader.Skip(type);
                    break;
            }
        }

        _schema = schema ?? throw new CorruptDataException("the file has no schema; it is damaged.");
        var sum = 0L;
        foreach (var group in _groups)
        {
            if (group.Rows > ParquetRowGroup.MostRows - sum)
                throw new CorruptDataException("the row groups have too many rows; the file is damaged.");
            sum += group.Rows;
        }

        RowCount = rows == sum ? rows : throw new CorruptDataException($"the file is said to have {rows} rows, but its row groups have {sum}; it is damaged.");
    }

    public override IReadOnlyList<ColumnarColumn> Columns => _schema.All;

    public override long RowCount { get; }

    /// <summary>Where pages must end.</summary>
    public long DataEnd { get; }

    public static ParquetFile Read(ByteSource source) => new(source);

    public override ColumnarPass Begin(ColumnSink[] sinks) => new ParquetPass(_source, _groups, [.. _schema.Columns.Select((column, i) => new ParquetColumnReader(_source, column, sinks[i]))]);

    private void ReadGroups(ref ThriftReader reader, ThriftType type, ParquetSchema schema)
    {
        var count = reader.List(type, out var element);
        ThriftReader.Expect(element, ThriftType.Struct);
        // Row groups and columns may not share pages, which would have to be read again for each.
        var left = DataEnd;
        for (var i = 0; i < count; i++)
        {
            var group = ParquetRowGroup.Read(ref reader, schema, DataEnd);
            _groups.Add(group);
            foreach (var column in schema.Columns)
            {
                if ((left -= group.Chunks[column.Leaf].Length) < 0)
                    throw new CorruptDataException("the columns of the row groups overlap each other; the file is damaged.");
            }
        }
    }

    private static CorruptDataException Encrypted() => new("the Parquet file is encrypted, which is not read; write it without encryption.");
}
