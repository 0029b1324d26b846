namespace Glia.Interchange.Protobuf;

/// <summary>
/// A message of the ONNX format (onnx.proto; the numbers of fields are the format's). Each knows how to read and to write its fields; what it does not know is kept and written again.
/// </summary>
internal abstract class ProtoMessage
{
    private List<ReadOnlyMemory<byte>>? _unknown;

    public void Read(ReadOnlyMemory<byte> memory, int depth)
    {
        var reader = new ProtoReader(memory, depth);
        while (reader.Next())
        {
            if (!ReadField(ref reader))
                (_unknown ??= []).Add(reader.Skip());
        }
    }

    public void Write(ProtoWriter writer)
    {
        WriteFields(writer);
        foreach (var field in _unknown ?? [])
            writer.Raw(field.Span);
    }

    /// <summary>Reads the field that the reader stands at; false, having read nothing, when the message has no such field.</summary>
    protected abstract bool ReadField(ref ProtoReader reader);

    protected abstract void WriteFields(ProtoWriter writer);
}
