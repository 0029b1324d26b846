using Glia.Interchange.Protobuf;

namespace Glia.Interchange.Onnx.Proto;

/// <summary>Nodes in the order of their computation, with named values between them.</summary>
internal sealed class GraphProto : ProtoMessage
{
    public string Name { get; set; } = "";

    public string Documentation { get; set; } = "";

    public List<NodeProto> Nodes { get; } = [];

    public List<TensorProto> Initializers { get; } = [];

    public List<ValueInfoProto> Inputs { get; } = [];

    public List<ValueInfoProto> Outputs { get; } = [];

    public List<ValueInfoProto> Values { get; } = [];

    /// <summary>How many initial values are given in sparse form.</summary>
    public int SparseInitializers { get; private set; }

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: Nodes.Add(reader.Message(new NodeProto())); return true;
            case 2: Name = reader.Text(); return true;
            case 5: Initializers.Add(reader.Message(new TensorProto())); return true;
            case 10: Documentation = reader.Text(); return true;
            case 11: Inputs.Add(reader.Message(new ValueInfoProto())); return true;
            case 12: Outputs.Add(reader.Message(new ValueInfoProto())); return true;
            case 13: Values.Add(reader.Message(new ValueInfoProto())); return true;
            case 15: SparseInitializers++; return false;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        writer.Messages(1, Nodes);
        writer.Text(2, Name);
        writer.Messages(5, Initializers);
        writer.Text(10, Documentation);
        writer.Messages(11, Inputs);
        writer.Messages(12, Outputs);
        writer.Messages(13, Values);
    }
}

/// <summary>One application of an operator.</summary>
internal sealed class NodeProto : ProtoMessage
{
    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public string Name { get; set; } = "";

    public string OpType { get; set; } = "";

    public string Domain { get; set; } = "";

    public string Documentation { get; set; } = "";

    public List<AttributeProto> Attributes { get; } = [];

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: Inputs.Add(reader.Text()); return true;
            case 2: Outputs.Add(reader.Text()); return true;
            case 3: Name = reader.Text(); return true;
            case 4: OpType = reader.Text(); return true;
            case 5: Attributes.Add(reader.Message(new AttributeProto())); return true;
            case 6: Documentation = reader.Text(); return true;
            case 7: Domain = reader.Text(); return true;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        writer.Texts(1, Inputs);
        writer.Texts(2, Outputs);
        writer.Text(3, Name);
        writer.Text(4, OpType);
        writer.Messages(5, Attributes);
        writer.Text(6, Documentation);
        writer.Text(7, Domain);
    }
}

/// <summary>The kinds of attributes; the numbers are the format's.</summary>
internal enum AttributeKind
{
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Strings = 8,
    Tensors = 9,
    Graphs = 10,
    SparseTensor = 11,
    SparseTensors = 12,
    Type = 13,
    Types = 14,
}

/// <summary>A setting of a node.</summary>
internal sealed class AttributeProto : ProtoMessage
{
    private AttributeKind _kind;

    public string Name { get; set; } = "";

    /// <summary>What it holds; files of the first versions do not say so, and it follows from the field that is there.</summary>
    public AttributeKind Kind
    {
        get => _kind != AttributeKind.Undefined ? _kind : Guess();
        set => _kind = value;
    }

    public float Float { get; set; }

    public long Int { get; set; }

    public ReadOnlyMemory<byte> String { get; set; }

    public TensorProto? Tensor { get; set; }

    public GraphProto? Graph { get; set; }

    public List<float>? Floats { get; set; }

    public List<long>? Ints { get; set; }

    public List<string>? Strings { get; set; }

    /// <summary>The name, in the function that the node is part of, of the setting to take; empty elsewhere.</summary>
    public string Reference { get; private set; } = "";

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: Name = reader.Text(); return true;
            case 2: Float = reader.Single(); return true;
            case 3: Int = reader.Int64(); return true;
            case 4: String = reader.Bytes(); return true;
            case 5: Tensor = reader.Message(Tensor ?? new()); return true;
            case 6: Graph = reader.Message(Graph ?? new()); return true;
            case 7: reader.Singles(Floats ??= []); return true;
            case 8: reader.Integers(Ints ??= []); return true;
            case 9: (Strings ??= []).Add(reader.Text()); return true;
            case 20: _kind = (AttributeKind)reader.Int32(); return true;
            case 21: Reference = reader.Text(); return true;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        writer.Text(1, Name);
        writer.Single(2, Float);
        writer.Int64(3, Int);
        if (Kind == AttributeKind.String)
            writer.Bytes(4, String.Span);
        writer.Message(5, Tensor);
        writer.Message(6, Graph);
        writer.Singles(7, Floats);
        writer.Integers(8, Ints);
        writer.Texts(9, Strings);
        writer.Int64(20, (long)Kind);
        writer.Text(21, Reference);
    }

    private AttributeKind Guess() => this switch
    {
        { Tensor: not null } => AttributeKind.Tensor,
        { Graph: not null } => AttributeKind.Graph,
        { Floats: not null } => AttributeKind.Floats,
        { Ints: not null } => AttributeKind.Ints,
        { Strings: not null } => AttributeKind.Strings,
        { String.Length: > 0 } => AttributeKind.String,
        { Float: not 0 } => AttributeKind.Float,
        _ => AttributeKind.Int,
    };
}
