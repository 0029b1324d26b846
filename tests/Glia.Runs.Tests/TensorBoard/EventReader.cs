using System.Buffers.Binary;
using Google.Protobuf;

namespace Glia.Runs.Tests;

/// <summary>
/// Reads event files with the parser of Google.Protobuf and a checksum computed bit by bit from its polynomial: nothing of it is the writer's. It refuses what is not as the formats say.
/// </summary>
internal static class EventReader
{
    public static List<EventRecord> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var events = new List<EventRecord>();
        for (var place = 0; place < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(place));
            Check(bytes.AsSpan(place, 8), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(place + 8)));
            var data = bytes.AsSpan(place + 12, length);
            Check(data, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(place + 12 + length)));
            events.Add(ReadEvent(data.ToArray()));
            place += 16 + length;
        }
        return events;
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        const uint Castagnoli = 0x82F63B78;
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ Castagnoli : crc >> 1;
        }
        return ~crc;
    }

    private static void Check(ReadOnlySpan<byte> bytes, uint masked)
    {
        var crc = Checksum(bytes);
        Assert.Equal(((crc >> 15) | (crc << 17)) + 0xa282ead8u, masked);
    }

    private static EventRecord ReadEvent(byte[] bytes)
    {
        var found = new EventRecord();
        Fields(bytes, (field, input) =>
        {
            switch (field)
            {
                case 1:
                    found.Time = input.ReadDouble();
                    break;
                case 2:
                    found.Step = input.ReadInt64();
                    break;
                case 3:
                    found.Version = input.ReadString();
                    break;
                case 5:
                    Fields(input.ReadBytes().ToByteArray(), (_, summary) => ReadValue(found, summary.ReadBytes().ToByteArray()));
                    break;
                default:
                    Assert.Fail($"There is no field {field} in an event.");
                    break;
            }
        });
        return found;
    }

    private static void ReadValue(EventRecord found, byte[] bytes) => Fields(bytes, (field, input) =>
    {
        switch (field)
        {
            case 1:
                found.Tag = input.ReadString();
                break;
            case 2:
                found.Scalar = input.ReadFloat();
                break;
            case 5:
                found.Histogram = ReadHistogram(input.ReadBytes().ToByteArray());
                break;
            case 8:
                Fields(input.ReadBytes().ToByteArray(), (part, tensor) =>
                {
                    if (part == 8)
                        found.Text = tensor.ReadString();
                    else if (part == 1)
                        Assert.Equal(7, tensor.ReadEnum());
                    else
                        tensor.ReadBytes();
                });
                break;
            case 9:
                Fields(input.ReadBytes().ToByteArray(), (part, metadata) =>
                {
                    if (part == 1)
                        Fields(metadata.ReadBytes().ToByteArray(), (_, plugin) => found.Plugin = plugin.ReadString());
                    else
                        metadata.ReadInt64();
                });
                break;
            default:
                Assert.Fail($"There is no field {field} in a value.");
                break;
        }
    });

    private static (double[] Moments, double[] Limits, double[] Counts) ReadHistogram(byte[] bytes)
    {
        var (moments, lists) = (new double[5], new double[2][]);
        Fields(bytes, (field, input) =>
        {
            if (field <= 5)
            {
                moments[field - 1] = input.ReadDouble();
                return;
            }
            var packed = input.ReadBytes().ToByteArray();
            lists[field - 6] = [.. packed.Chunk(8).Select(c => BitConverter.ToDouble(c))];
        });
        return (moments, lists[0], lists[1]);
    }

    private static void Fields(byte[] bytes, Action<int, CodedInputStream> read)
    {
        using var input = new CodedInputStream(bytes);
        while (input.ReadTag() is not 0 and var tag)
            read((int)(tag >> 3), input);
    }
}

/// <summary>An event as it was read.</summary>
internal sealed class EventRecord
{
    public double Time { get; set; }

    public long Step { get; set; }

    public string? Version { get; set; }

    public string? Tag { get; set; }

    public float? Scalar { get; set; }

    public string? Text { get; set; }

    public string? Plugin { get; set; }

    public (double[] Moments, double[] Limits, double[] Counts)? Histogram { get; set; }
}
