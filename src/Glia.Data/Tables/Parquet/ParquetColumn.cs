namespace Glia.Data;

/// <summary>How Parquet stores the values of a column.</summary>
internal enum ParquetType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    Bytes = 6,
    FixedBytes = 7,
}

/// <summary>What the values mean.</summary>
internal enum ParquetMeaning
{
    Plain,
    Unsigned,
    Text,
    Decimal,
    Date,
    Time,
    Timestamp,
    Half,
    Uuid,
}

/// <summary>A leaf of the schema that is a column of the table.</summary>
/// <param name="Leaf">Its number among all leaves, which is that of its chunk in each row group.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">How values are stored.</param>
/// <param name="Width">Bytes of a value of fixed length.</param>
/// <param name="IsOptional">Whether values may be missing.</param>
/// <param name="Meaning">What values mean.</param>
/// <param name="Scale">Digits after the point of a decimal; parts of a second of a time.</param>
internal sealed record ParquetColumn(int Leaf, string Name, ParquetType Type, int Width, bool IsOptional, ParquetMeaning Meaning, long Scale)
{
    /// <summary>Whether a value is up to eight bytes that are a number, rather than a string of bytes.</summary>
    public bool IsFixed => Type is ParquetType.Boolean or ParquetType.Int32 or ParquetType.Int64 or ParquetType.Float or ParquetType.Double;

    public ColumnKind Kind => Meaning switch
    {
        ParquetMeaning.Unsigned or ParquetMeaning.Decimal or ParquetMeaning.Half => ColumnKind.Numeric,
        ParquetMeaning.Plain when Type is ParquetType.Int32 or ParquetType.Int64 or ParquetType.Float or ParquetType.Double => ColumnKind.Numeric,
        _ => ColumnKind.Categorical,
    };

    /// <summary>Adds a value that is a number.</summary>
    public void Add(ColumnSink sink, long bits)
    {
        switch (Meaning)
        {
            case ParquetMeaning.Decimal:
                sink.Decimal(bits, (int)Scale);
                break;
            case ParquetMeaning.Date:
                sink.Date(bits);
                break;
            case ParquetMeaning.Time:
                sink.Time(bits, Scale);
                break;
            case ParquetMeaning.Timestamp:
                sink.Timestamp(bits, Scale);
                break;
            case ParquetMeaning.Unsigned:
                sink.Number(Type == ParquetType.Int32 ? (uint)bits : (ulong)bits);
                break;
            default:
                AddPlain(sink, bits);
                break;
        }
    }

    /// <summary>Adds a value that is a string of bytes.</summary>
    public void Add(ColumnSink sink, ReadOnlySpan<byte> bytes)
    {
        if (Type == ParquetType.Int96)
            sink.JulianTimestamp(bytes);
        else if (Meaning == ParquetMeaning.Decimal)
            sink.Decimal(bytes, (int)Scale, isBigEndian: true);
        else if (Meaning == ParquetMeaning.Half)
            sink.Half((ushort)(bytes[0] | (bytes[1] << 8)));
        else if (Meaning == ParquetMeaning.Uuid)
            sink.Uuid(bytes);
        else
            sink.Utf8(bytes);
    }

    private void AddPlain(ColumnSink sink, long bits)
    {
        if (Type == ParquetType.Boolean)
            sink.Bool(bits != 0);
        else
            sink.Number(Type switch
            {
                ParquetType.Float => BitConverter.Int32BitsToSingle((int)bits),
                ParquetType.Double => BitConverter.Int64BitsToDouble(bits),
                _ => bits,
            });
    }
}
