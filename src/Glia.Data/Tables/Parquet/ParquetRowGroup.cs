namespace Glia.Data;

/// <summary>Some rows of a Parquet file: for each leaf of the schema, where its pages are.</summary>
internal sealed class ParquetRowGroup(long rows, ParquetChunk[] chunks)
{
    /// <summary>More rows than this are believed of no file, so that no sum of them runs over.</summary>
    public const long MostRows = 1L << 48;

    public long Rows => rows;

    /// <summary>The pages of each leaf.</summary>
    public ParquetChunk[] Chunks => chunks;

    public static ParquetRowGroup Read(ref ThriftReader reader, ParquetSchema schema, long dataEnd)
    {
        var rows = -1L;
        ParquetChunk[]? chunks = null;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 1:
                    var count = reader.List(type, out var element);
                    ThriftReader.Expect(element, ThriftType.Struct);
                    if (count != schema.LeafCount)
                        throw new CorruptDataException($"a row group has {count} columns, but the schema has {schema.LeafCount}; the file is damaged.");
                    chunks = new ParquetChunk[count];
                    for (var i = 0; i < count; i++)
                        chunks[i] = ParquetChunk.Read(ref reader);
                    break;
                case 3:
                    rows = reader.Integer(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (chunks is null || rows is < 0 or > MostRows)
            throw new CorruptDataException("a row group has no columns or no number of rows; the file is damaged.");
        foreach (var column in schema.Columns)
            chunks[column.Leaf].Check(column.Name, rows, dataEnd);
        return new(rows, chunks);
    }
}

/// <summary>The pages of a column in a row group.</summary>
/// <param name="Start">Where they begin.</param>
/// <param name="Length">Their bytes.</param>
/// <param name="Values">The number of values, missing ones among them.</param>
/// <param name="Codec">How they are compressed, by the number of the format.</param>
/// <param name="IsElsewhere">Whether they are in another file.</param>
internal readonly record struct ParquetChunk(long Start, long Length, long Values, int Codec, bool IsElsewhere)
{
    public static ParquetChunk Read(ref ThriftReader reader)
    {
        var chunk = new ParquetChunk { Start = -1 };
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            if (id == 1)
                chunk = chunk with { IsElsewhere = reader.Text(type).Length > 0 };
            else if (id == 3 && type == ThriftType.Struct)
                chunk = chunk.ReadPlace(ref reader);
            else
                reader.Skip(type);
        }

        return chunk;
    }

    public void Check(string name, long rows, long dataEnd)
    {
        if (IsElsewhere)
            throw new CorruptDataException($"column '{name}' is in another file, which is not read.");
        if (Values != rows)
            throw new CorruptDataException($"column '{name}' has {Values} values in a row group of {rows} rows; the file is damaged.");
        if (Start < 4 || Length < 0 || Start > dataEnd - Length)
            throw new CorruptDataException($"column '{name}' is said to have {Length} bytes at {Start}, but the data end at {dataEnd}; the file is truncated or damaged.");
    }

    private ParquetChunk ReadPlace(ref ThriftReader reader)
    {
        var chunk = this;
        long data = -1, dictionary = -1;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 4: chunk = chunk with { Codec = reader.Int32(type) }; break;
                case 5: chunk = chunk with { Values = reader.Integer(type) }; break;
                case 7: chunk = chunk with { Length = reader.Integer(type) }; break;
                case 9: data = reader.Integer(type); break;
                case 11: dictionary = reader.Integer(type); break;
                default: reader.Skip(type); break;
            }
        }

        // Some writers say 0 for a dictionary that is not there.
        return chunk with { Start = dictionary > 0 && dictionary < data ? dictionary : data };
    }
}
