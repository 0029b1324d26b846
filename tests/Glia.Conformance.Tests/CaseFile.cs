using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Glia.Conformance.Tests;

/// <summary>A case file taken apart, to be changed and put together again.</summary>
internal sealed class CaseFile
{
    private const string Metadata = "__metadata__";

    private readonly JsonObject _header;
    private readonly byte[] _data;

    public CaseFile(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var end = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _header = JsonNode.Parse(bytes.AsSpan(8..end))!.AsObject();
        _data = bytes[end..];
        Case = JsonNode.Parse((string)_header[Metadata]!["case"]!)!.AsObject();
    }

    /// <summary>The operation, its options and tolerances.</summary>
    public JsonObject Case { get; }

    public IEnumerable<string> Names => _header.Select(p => p.Key).Where(name => name != Metadata);

    /// <summary>Changes one element noticeably.</summary>
    public void Perturb(string name, int element)
    {
        var (start, dtype) = ((int)_header[name]!["data_offsets"]![0]!, (string)_header[name]!["dtype"]!);
        if (dtype == "BOOL")
        {
            _data[start + element] ^= 1;
            return;
        }
        var place = _data.AsSpan(start + (8 * element));
        if (dtype == "I64")
            BinaryPrimitives.WriteInt64LittleEndian(place, BinaryPrimitives.ReadInt64LittleEndian(place) + 1);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(place, BinaryPrimitives.ReadDoubleLittleEndian(place) + (Scale(name) / 100));
    }

    public int CountOf(string name) => _header[name]!["shape"]!.AsArray().Aggregate(1, (count, size) => count * (int)size!);

    /// <summary>Gives a tensor another name.</summary>
    public void Rename(string name, string newName)
    {
        var entry = _header[name];
        _header.Remove(name);
        _header[newName] = entry;
    }

    public string Save(string path)
    {
        _header[Metadata]!["case"] = Case.ToJsonString();
        var json = System.Text.Encoding.UTF8.GetBytes(_header.ToJsonString());
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(path, [.. length, .. json, .. _data]);
        return path;
    }

    /// <summary>The largest element, or 1: what the absolute tolerance is multiplied by.</summary>
    private double Scale(string name)
    {
        var start = (int)_header[name]!["data_offsets"]![0]!;
        return Enumerable.Range(0, CountOf(name)).Select(i => Math.Abs(BitConverter.ToDouble(_data, start + (8 * i)))).Append(1).Max();
    }
}
