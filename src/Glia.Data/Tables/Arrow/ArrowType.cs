namespace Glia.Data;

/// <summary>How Arrow stores the values of a column, as far as they are read.</summary>
internal enum ArrowStorage
{
    Null,
    Bool,
    Integer,
    Float,
    Decimal,
    Date,
    Time,
    Timestamp,
    Text,
    LargeText,
    TextView,
}

/// <summary>The type of an Arrow column that is one number or text for each row.</summary>
/// <param name="Storage">How values are stored.</param>
/// <param name="Width">Bytes of a value of fixed length.</param>
/// <param name="IsSigned">Whether whole numbers have a sign.</param>
/// <param name="Scale">Digits after the point of a decimal, parts of a second of a time, milliseconds in the unit of a date.</param>
internal sealed record ArrowType(ArrowStorage Storage, int Width = 0, bool IsSigned = true, long Scale = 0)
{
    public ColumnKind Kind => Storage is ArrowStorage.Integer or ArrowStorage.Float or ArrowStorage.Decimal or ArrowStorage.Null ? ColumnKind.Numeric : ColumnKind.Categorical;

    private const int MostScale = 400;
    private const long MillisecondsPerDay = 86_400_000;

    /// <summary>The type that a field says; otherwise why it is not read.</summary>
    public static (ArrowType? Type, string? Refusal) Read(FlatTable field)
    {
        var kind = field.Byte(2);
        if (kind == 1)
            return (new(ArrowStorage.Null), null);
        var type = field.Table(3);
        switch (kind)
        {
            case 2:
                return ReadInteger(type);
            case 3 when type.Int16(0) is 0 or 1 or 2:
                return (new(ArrowStorage.Float, 2 << type.Int16(0)), null);
            case 5:
                return (new(ArrowStorage.Text), null);
            case 6:
                return (new(ArrowStorage.Bool), null);
            case 7 when type.Int32(1) is >= 0 and <= MostScale && type.Int32(2, 128) is 32 or 64 or 128 or 256:
                return (new(ArrowStorage.Decimal, type.Int32(2, 128) / 8, Scale: type.Int32(1)), null);
            case 8:
                return type.Int16(0, 1) == 0 ? (new(ArrowStorage.Date, 4, Scale: 1), null) : (new(ArrowStorage.Date, 8, Scale: MillisecondsPerDay), null);
            case 9 when type.Int32(1, 32) is 32 or 64 && type.Int16(0, 1) is >= 0 and <= 3:
                return (new(ArrowStorage.Time, type.Int32(1, 32) / 8, Scale: Parts(type.Int16(0, 1))), null);
            case 10 when type.Int16(0) is >= 0 and <= 3:
                return (new(ArrowStorage.Timestamp, 8, Scale: Parts(type.Int16(0))), null);
            case 20:
                return (new(ArrowStorage.LargeText), null);
            case 24:
                return (new(ArrowStorage.TextView), null);
        }

        var what = kind switch
        {
            4 or 15 or 19 or 23 => "bytes that are neither text nor a number",
            11 or 18 => "spans of time",
            12 or 16 or 21 or 25 or 26 => "lists",
            13 => "structures",
            14 => "values of several types",
            17 => "maps",
            22 => "runs of values",
            _ => $"values of the type {kind}, which is not known",
        };
        return (null, $"it holds {what}, and only columns of one number or text for each row are read");
    }

    /// <summary>The type of whole numbers, which dictionaries are referred to by, too.</summary>
    public static (ArrowType? Type, string? Refusal) ReadInteger(FlatTable type) => type.Int32(0) is 8 or 16 or 32 or 64
        ? (new(ArrowStorage.Integer, type.Int32(0) / 8, type.Byte(1) != 0), null)
        : (null, $"it holds whole numbers of {type.Int32(0)} bits");

    private static long Parts(short unit) => unit switch { 0 => 1, 1 => 1_000, 2 => 1_000_000, _ => 1_000_000_000 };
}
