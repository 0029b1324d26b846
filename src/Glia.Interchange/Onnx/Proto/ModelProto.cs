using Glia.Interchange.Protobuf;

namespace Glia.Interchange.Onnx.Proto;

/// <summary>A whole file: a graph, the versions of the operators that it uses, and where it comes from.</summary>
internal sealed class ModelProto : ProtoMessage
{
    public long IrVersion { get; set; }

    public string ProducerName { get; set; } = "";

    public string ProducerVersion { get; set; } = "";

    public string Domain { get; set; } = "";

    public long ModelVersion { get; set; }

    public string Documentation { get; set; } = "";

    public GraphProto? Graph { get; set; }

    public List<OperatorSetProto> OperatorSets { get; } = [];

    public List<EntryProto> Metadata { get; } = [];

    /// <summary>How many functions the file defines for itself.</summary>
    public int Functions { get; private set; }

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: IrVersion = reader.Int64(); return true;
            case 2: ProducerName = reader.Text(); return true;
            case 3: ProducerVersion = reader.Text(); return true;
            case 4: Domain = reader.Text(); return true;
            case 5: ModelVersion = reader.Int64(); return true;
            case 6: Documentation = reader.Text(); return true;
            case 7: Graph = reader.Message(Graph ?? new()); return true;
            case 8: OperatorSets.Add(reader.Message(new OperatorSetProto())); return true;
            case 14: Metadata.Add(reader.Message(new EntryProto())); return true;
            case 25: Functions++; return false;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        writer.Int64(1, IrVersion);
        writer.Text(2, ProducerName);
        writer.Text(3, ProducerVersion);
        writer.Text(4, Domain);
        writer.Int64(5, ModelVersion);
        writer.Text(6, Documentation);
        writer.Message(7, Graph);
        writer.Messages(8, OperatorSets);
        writer.Messages(14, Metadata);
    }
}

/// <summary>The version of a domain's operators.</summary>
internal sealed class OperatorSetProto : ProtoMessage
{
    public string Domain { get; set; } = "";

    public long Version { get; set; }

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: Domain = reader.Text(); return true;
            case 2: Version = reader.Int64(); return true;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        writer.Text(1, Domain);
        writer.Int64(2, Version);
    }
}

/// <summary>A text under a name.</summary>
internal sealed class EntryProto : ProtoMessage
{
    public string Key { get; set; } = "";

    public string Value { get; set; } = "";

    protected override bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 1: Key = reader.Text(); return true;
            case 2: Value = reader.Text(); return true;
            default: return false;
        }
    }

    protected override void WriteFields(ProtoWriter writer)
    {
        writer.Text(1, Key);
        writer.Text(2, Value);
    }
}
