using System.Runtime.InteropServices;
using Glia.Interchange.Protobuf;

namespace Glia.Interchange.Onnx.Proto;

/// <summary>A tensor with its numbers, in one of several places.</summary>
internal sealed class TensorProto : ProtoMessage
{
    public List<long> Dims { get; } = [];

    public OnnxElementType Type { get; set; }

    public string Name { get; set; } = "";

    public string Documentation { get; set; } = "";

    /// <summary>Little-endian numbers, one after the other; null when they are elsewhere.</summary>
    public ReadOnlyMemory<byte>? Raw { get; set; }

    public List<float>? Floats { get; private set; }

    /// <summary>Numbers of at most 32 bits, also truth values and the bits of 16-bit floats.</summary>
    public List<long>? Int32s { get; private set; }

    public List<long>? Int64s { get; private set; }

    public List<double>? Doubles { get; private set; }

    public List<long>? UInt64s { get; private set; }

    /// <summary>Where in another file the numbers are.</summary>
    public List<EntryProto>? External { get; private set; }

    public bool IsExternal { get; private set; }

    /// <summary>Whether it is a part of a larger tensor, which the format once allowed.</summary>
    public bool IsSegment { get; private set; }

    /// <summary>Whether the numbers are nowhere, to be given later.</summary>
    public bool IsOmitted => IsExternal && External is null;

    /// <summary>The tensor without its numbers.</summary>
    public TensorProto Omitted()
    {
        var tensor = new TensorProto { Name = Name, Type = Type, Documentation = Documentation, IsExternal = true };
        tensor.Dims.AddRange(Dims);
        return tensor;
    }

    /// <summary>Puts numbers in the place of those that were there.</summary>
    public void SetRaw(byte[] raw)
    {
        (Floats, Int32s, Int64s, Doubles, UInt64s, External, IsExternal) = (null, null, null, null, null, null, false);
        Raw = raw;
    }

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: reader.Integers(Dims); return true;
            case 2: Type = (OnnxElementType)reader.Int32(); return true;
            case 3: IsSegment = true; return false;
            case 4: reader.Singles(Floats ??= []); return true;
            case 5: reader.Integers(Int32s ??= []); return true;
            case 7: reader.Integers(Int64s ??= []); return true;
            case 8: Name = reader.Text(); return true;
            case 9: Raw = reader.Bytes(); return true;
            case 10: reader.Doubles(Doubles ??= []); return true;
            case 11: reader.Integers(UInt64s ??= []); return true;
            case 12: Documentation = reader.Text(); return true;
            case 13: (External ??= []).Add(reader.Message(new EntryProto())); return true;
            case 14: IsExternal = reader.Int64() != 0; return true;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        writer.Integers(1, Dims);
        writer.Int64(2, (long)Type);
        writer.Singles(4, Floats);
        writer.Integers(5, Int32s);
        writer.Integers(7, Int64s);
        writer.Text(8, Name);
        if (Raw is { } raw)
            writer.Bytes(9, raw.Span);
        writer.Doubles(10, CollectionsMarshal.AsSpan(Doubles));
        writer.Integers(11, UInt64s);
        writer.Text(12, Documentation);
        writer.Messages(13, External);
        writer.Int64(14, IsExternal ? 1 : 0);
    }
}

/// <summary>A named value with its type.</summary>
internal sealed class ValueInfoProto : ProtoMessage
{
    public string Name { get; set; } = "";

    public TypeProto? Type { get; set; }

    public string Documentation { get; set; } = "";

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: Name = reader.Text(); return true;
            case 2: Type = reader.Message(Type ?? new()); return true;
            case 3: Documentation = reader.Text(); return true;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        writer.Text(1, Name);
        writer.Message(2, Type);
        writer.Text(3, Documentation);
    }
}

/// <summary>The type of a value: that of a tensor, or one that Glia has no values for.</summary>
internal sealed class TypeProto : ProtoMessage
{
    public TensorTypeProto? Tensor { get; set; }

    /// <summary>What it is instead of a tensor.</summary>
    public string? Other { get; private set; }

    protected override bool ReadField(ref ProtoReader reader)
    {
        if (reader.Field == 1)
        {
            Tensor = reader.Message(Tensor ?? new());
            return true;
        }
        Other = reader.Field switch
        {
            4 => "a sequence",
            5 => "a map",
            8 => "a sparse tensor",
            9 => "an optional value",
            _ => Other,
        };
        return false;
    }

    protected override void WriteFields(ProtoWriter writer) => writer.Message(1, Tensor);
}

/// <summary>Element type and sizes of a tensor.</summary>
internal sealed class TensorTypeProto : ProtoMessage
{
    public OnnxElementType Element { get; set; }

    public ShapeProto? Shape { get; set; }

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: Element = (OnnxElementType)reader.Int32(); return true;
            case 2: Shape = reader.Message(Shape ?? new()); return true;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        writer.Int64(1, (long)Element);
        writer.Message(2, Shape);
    }
}

/// <summary>The sizes of a tensor.</summary>
internal sealed class ShapeProto : ProtoMessage
{
    public List<DimensionProto> Dims { get; } = [];

    protected override bool ReadField(ref ProtoReader reader)
    {
        if (reader.Field != 1)
            return false;
        Dims.Add(reader.Message(new DimensionProto()));
        return true;
    }

    protected override void WriteFields(ProtoWriter writer) => writer.Messages(1, Dims);
}

/// <summary>One size: a number, a name, or unknown.</summary>
internal sealed class DimensionProto : ProtoMessage
{
    public long? Size { get; set; }

    public string? Symbol { get; set; }

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: Size = reader.Int64(); return true;
            case 2: Symbol = reader.Text(); return true;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        if (Size is { } size)
            writer.Int64(1, size, always: true);
        writer.Text(2, Symbol);
    }
}
