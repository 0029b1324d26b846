namespace Glia.Data;

/// <summary>How the values of a Parquet page are written.</summary>
internal enum ParquetEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    RunLength = 3,
    BitPacked = 4,
    DeltaBinary = 5,
    DeltaLengthBytes = 6,
    DeltaBytes = 7,
    RunLengthDictionary = 8,
    ByteStreamSplit = 9,
}

/// <summary>The kinds of Parquet pages.</summary>
internal enum ParquetPageKind
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataVersion2 = 3,
}

/// <summary>The header of a Parquet page.</summary>
/// <param name="HeaderBytes">The bytes of the header itself.</param>
/// <param name="Kind">What the page holds.</param>
/// <param name="Expanded">Its bytes, expanded.</param>
/// <param name="Stored">Its bytes in the file.</param>
/// <param name="Values">The number of values, missing ones among them.</param>
/// <param name="Encoding">How they are written.</param>
/// <param name="LevelEncoding">How it is written which are missing (version 1).</param>
/// <param name="DefinitionBytes">The bytes that say which are missing (version 2).</param>
/// <param name="RepetitionBytes">Further bytes before those (version 2).</param>
/// <param name="IsCompressed">Whether the values are compressed (version 2).</param>
internal readonly record struct ParquetPage(
    int HeaderBytes, ParquetPageKind Kind, int Expanded, int Stored, int Values, ParquetEncoding Encoding, ParquetEncoding LevelEncoding, int DefinitionBytes, int RepetitionBytes, bool IsCompressed)
{
    public static ParquetPage Read(ReadOnlySpan<byte> data)
    {
        var reader = new ThriftReader(data);
        var page = new ParquetPage { IsCompressed = true, Kind = (ParquetPageKind)(-1), Values = -1 };
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 1: page = page with { Kind = (ParquetPageKind)reader.Int32(type) }; break;
                case 2: page = page with { Expanded = reader.Int32(type) }; break;
                case 3: page = page with { Stored = reader.Int32(type) }; break;
                case 5 or 7 or 8 when type == ThriftType.Struct: page = page.ReadData(ref reader, id); break;
                default: reader.Skip(type); break;
            }
        }

        if (page.Expanded < 0 || page.Stored < 0 || page.DefinitionBytes < 0 || page.RepetitionBytes < 0
            || (page.Values < 0 && page.Kind is ParquetPageKind.Data or ParquetPageKind.Dictionary or ParquetPageKind.DataVersion2))
        {
            throw new CorruptDataException("the header of a page has a length below 0; the file is damaged.");
        }

        return page with { HeaderBytes = reader.Position };
    }

    private ParquetPage ReadData(ref ThriftReader reader, int header)
    {
        var page = this;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id, header)
            {
                case (1, _): page = page with { Values = reader.Int32(type) }; break;
                case (2, 5 or 7) or (4, 8): page = page with { Encoding = (ParquetEncoding)reader.Int32(type) }; break;
                case (3, 5): page = page with { LevelEncoding = (ParquetEncoding)reader.Int32(type) }; break;
                case (5, 8): page = page with { DefinitionBytes = reader.Int32(type) }; break;
                case (6, 8): page = page with { RepetitionBytes = reader.Int32(type) }; break;
                case (7, 8): page = page with { IsCompressed = ThriftReader.Bool(type) }; break;
                default: reader.Skip(type); break;
            }
        }

        return page;
    }
}
