using System.Globalization;

namespace Glia.Data;

/// <summary>Finds in the schema of a Parquet file what columns of a table can be made of: values at its top, at most one a row.</summary>
internal sealed class ParquetSchema
{
    private const int DeepestNesting = 64;
    private const int WidestDecimal = 64;
    private const int MostScale = 400;

    private readonly List<Element> _elements;
    private int _next = 1;

    private ParquetSchema(List<Element> elements)
    {
        _elements = elements;
        if (elements.Count == 0)
            throw new CorruptDataException("the file has no schema; it is damaged.");
        for (var i = 0; i < elements[0].Children; i++)
        {
            var element = Take();
            var leaf = LeafCount;
            if (element.Children > 0 || element.Type is null)
            {
                Skip(element, 1);
                All.Add(new(element.Name, ColumnKind.Categorical, element.Repetition == 2 || element.Converted is 1 or 2 or 3 || element.Logical is 2 or 3
                    ? "it holds lists or maps, and only columns of one number or text for each row are read"
                    : "it holds structures, and only columns of one number or text for each row are read"));
                continue;
            }

            LeafCount++;
            Add(element, leaf);
        }

        if (_next != elements.Count)
            throw new CorruptDataException("the schema has elements that belong nowhere; the file is damaged.");
    }

    /// <summary>All columns at the top.</summary>
    public List<ColumnarColumn> All { get; } = [];

    /// <summary>Those that can be read.</summary>
    public List<ParquetColumn> Columns { get; } = [];

    /// <summary>The number of leaves of the schema, each of which has a chunk in every row group.</summary>
    public int LeafCount { get; private set; }

    public static ParquetSchema Read(ref ThriftReader reader, ThriftType type)
    {
        var count = reader.List(type, out var element);
        ThriftReader.Expect(element, ThriftType.Struct);
        var elements = new List<Element>();
        for (var i = 0; i < count; i++)
            elements.Add(Element.Read(ref reader));
        return new(elements);
    }

    private void Add(Element element, int leaf)
    {
        var (meaning, scale, refusal) = Meaning(element);
        if (element.Repetition == 2)
            refusal = "it holds lists, and only columns of one number or text for each row are read";
        if (refusal is not null)
        {
            All.Add(new(element.Name, ColumnKind.Categorical, refusal));
            return;
        }

        var type = (ParquetType)element.Type!.Value;
        var column = new ParquetColumn(leaf, element.Name, type, type == ParquetType.Int96 ? 12 : element.Width, element.Repetition == 1, meaning, scale);
        Columns.Add(column);
        All.Add(new(element.Name, column.Kind, null));
    }

    private static (ParquetMeaning Meaning, long Scale, string? Refusal) Meaning(Element e)
    {
        var isInteger = e.Type is 1 or 2;
        var isDecimal = e.Logical == 5 || (e.Logical == 0 && e.Converted == 5);
        var text = e.Logical is 1 or 4 or 12 || (e.Logical == 0 && e.Converted is 0 or 4 or 19);
        switch (e.Type)
        {
            case < 0 or > 7:
                return (default, 0, string.Create(CultureInfo.InvariantCulture, $"its storage type {e.Type} is not known"));
            case 7 when e.Width < 1:
                throw new CorruptDataException($"column '{e.Name}' has values of {e.Width} bytes; the file is damaged.");
            case 1 or 2 or 6 or 7 when isDecimal:
                return e.Scale is >= 0 and <= MostScale && (e.Type != 7 || e.Width <= WidestDecimal)
                    ? (ParquetMeaning.Decimal, e.Scale, null)
                    : (default, 0, $"its decimals have {e.Scale} digits after the point or {e.Width} bytes");
            case 7 when e.Logical == 14 && e.Width == 16:
                return (ParquetMeaning.Uuid, 0, null);
            case 7 when e.Logical == 15 && e.Width == 2:
                return (ParquetMeaning.Half, 0, null);
            case 6 when text || (e.Logical == 0 && e.Converted is null):
                return (ParquetMeaning.Text, 0, null);
            case 6 or 7:
                return (default, 0, "it holds bytes that are neither text nor a number");
            case 0 or 3 or 4 or 5:
                return (ParquetMeaning.Plain, 0, null);
        }

        if (isInteger && (e.Logical == 6 || (e.Logical == 0 && e.Converted == 6)))
            return (ParquetMeaning.Date, 0, null);
        if (e.Logical is 7 or 8)
            return (e.Logical == 7 ? ParquetMeaning.Time : ParquetMeaning.Timestamp, e.Unit switch { 1 => 1_000, 2 => 1_000_000, _ => 1_000_000_000 }, null);
        if (e.Logical == 10)
            return (e.IsSigned ? ParquetMeaning.Plain : ParquetMeaning.Unsigned, 0, null);
        return e.Logical != 0 ? (ParquetMeaning.Plain, 0, null) : e.Converted switch
        {
            7 => (ParquetMeaning.Time, 1_000, null),
            8 => (ParquetMeaning.Time, 1_000_000, null),
            9 => (ParquetMeaning.Timestamp, 1_000, null),
            10 => (ParquetMeaning.Timestamp, 1_000_000, null),
            11 or 12 or 13 or 14 => (ParquetMeaning.Unsigned, 0, null),
            _ => (ParquetMeaning.Plain, 0, null),
        };
    }

    private Element Take() => _next < _elements.Count ? _elements[_next++] : throw new CorruptDataException("the schema ends too early; the file is damaged.");

    private void Skip(Element parent, int depth)
    {
        if (depth == DeepestNesting)
            throw new CorruptDataException($"the schema is nested more than {DeepestNesting} deep.");
        if (parent.Children == 0)
        {
            LeafCount += parent.Type is null ? 0 : 1;
            return;
        }

        for (var i = 0; i < parent.Children; i++)
            Skip(Take(), depth + 1);
    }

    /// <summary>An element of the schema as it is written.</summary>
    private readonly record struct Element(string Name, int? Type, int Width, int Repetition, int Children, int? Converted, int Scale, int Logical, int Unit, bool IsSigned)
    {
        public static Element Read(ref ThriftReader reader)
        {
            var e = new Element { Name = "" };
            for (var id = 0; reader.Field(ref id, out var type);)
            {
                switch (id)
                {
                    case 1: e = e with { Type = reader.Int32(type) }; break;
                    case 2: e = e with { Width = reader.Int32(type) }; break;
                    case 3: e = e with { Repetition = reader.Int32(type) }; break;
                    case 4: e = e with { Name = reader.Text(type) }; break;
                    case 5: e = e with { Children = Math.Max(0, reader.Int32(type)) }; break;
                    case 6: e = e with { Converted = reader.Int32(type) }; break;
                    case 7: e = e with { Scale = reader.Int32(type) }; break;
                    case 10 when type == ThriftType.Struct: e = e.ReadLogical(ref reader); break;
                    default: reader.Skip(type); break;
                }
            }

            return e;
        }

        // A union of the meanings; some are structures with fields of their own.
        private Element ReadLogical(ref ThriftReader reader)
        {
            var e = this;
            for (var id = 0; reader.Field(ref id, out var type);)
            {
                e = e with { Logical = id };
                ThriftReader.Expect(type, ThriftType.Struct);
                for (var field = 0; reader.Field(ref field, out var inner);)
                {
                    switch (id, field)
                    {
                        case (5, 1): e = e with { Scale = reader.Int32(inner) }; break;
                        case (7 or 8, 2) when inner == ThriftType.Struct: e = e with { Unit = ReadUnit(ref reader) }; break;
                        case (10, 2): e = e with { IsSigned = ThriftReader.Bool(inner) }; break;
                        default: reader.Skip(inner); break;
                    }
                }
            }

            return e;
        }

        private static int ReadUnit(ref ThriftReader reader)
        {
            var unit = 0;
            for (var id = 0; reader.Field(ref id, out var type); reader.Skip(type))
                unit = id;
            return unit;
        }
    }
}
