namespace Glia.Data;

/// <summary>The columns of an Arrow file.</summary>
internal sealed class ArrowSchema
{
    private const int DeepestNesting = 64;

    private readonly int _mostFields;
    private int _fields;
    private int _nameBytesLeft;

    public ArrowSchema(FlatTable schema, int bytes)
    {
        if (schema.Int16(0) != 0)
            throw new CorruptDataException("the file has big-endian numbers, which are not read.");
        // Fields may share bytes, so that few of them could stand for any number of columns.
        (_mostFields, _nameBytesLeft) = (bytes / 8, bytes);
        var count = schema.Count(1);
        for (var i = 0; i < count; i++)
            Fields.Add(Read(schema.Element(1, i), 1));
    }

    /// <summary>All columns at the top.</summary>
    public List<ArrowField> Fields { get; } = [];

    private ArrowField Read(FlatTable field, int depth)
    {
        if (depth > DeepestNesting || ++_fields > _mostFields)
            throw new CorruptDataException("the schema is nested too deep or has more fields than bytes; the file is damaged.");
        var count = field.Count(5);
        var children = new ArrowField[count];
        for (var i = 0; i < count; i++)
            children[i] = Read(field.Element(5, i), depth + 1);

        // Those inside others are not needed, and are often the same.
        var name = depth == 1 ? field.Text(0, ref _nameBytesLeft) : "";
        var kind = field.Byte(2);
        var layout = ArrowLayout.Of(kind, kind == 14 && field.Table(3).Int16(0) == 1);
        var (type, refusal) = ArrowType.Read(field);
        if (!field.Has(4))
            return new(name, type, refusal, children, layout, null, null);

        // Where there is a dictionary, the column holds indices, and the type is that of the entries.
        var encoding = field.Table(4);
        var index = encoding.Has(1) ? ArrowType.ReadInteger(encoding.Table(1)).Type : new ArrowType(ArrowStorage.Integer, 4);
        return new(name, type, refusal, [], ArrowLayout.Values, encoding.Int64(0), index ?? throw new CorruptDataException("a dictionary has indices that are no whole numbers; the file is damaged."));
    }
}

/// <summary>A field of an Arrow schema.</summary>
/// <param name="Name">Its name; empty for one inside another.</param>
/// <param name="Type">The type of its values, those of the dictionary where there is one; null if they are not read.</param>
/// <param name="Refusal">Why they are not read.</param>
/// <param name="Children">Fields inside, whose buffers come after its own.</param>
/// <param name="Layout">Its own buffers.</param>
/// <param name="Dictionary">The number of its dictionary, if it has one.</param>
/// <param name="Index">The type of indices into the dictionary.</param>
internal sealed record ArrowField(string Name, ArrowType? Type, string? Refusal, ArrowField[] Children, ArrowLayout Layout, long? Dictionary, ArrowType? Index);

/// <summary>How many buffers an Arrow array has.</summary>
/// <param name="Buffers">Their number.</param>
/// <param name="HasVariadic">Whether there are further ones, whose number each batch says.</param>
internal readonly record struct ArrowLayout(int Buffers, bool HasVariadic = false)
{
    /// <summary>Which are missing, and the values.</summary>
    public static ArrowLayout Values => new(2);

    /// <summary>The layout of a type.</summary>
    public static ArrowLayout Of(byte type, bool isDense) => type switch
    {
        1 or 22 => new(0),
        13 or 16 => new(1),
        14 => new(isDense ? 2 : 1),
        4 or 5 or 19 or 20 or 25 or 26 => new(3),
        23 or 24 => new(2, HasVariadic: true),
        _ => Values,
    };
}
