using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Glia.Interchange.Protobuf;

namespace Glia.Runs;

/// <summary>
/// A file of TensorBoard events: records of TensorFlow (length, its checksum, bytes, their checksum), each holding one <c>Event</c> message. Formats: tensorflow/core/lib/io/record_writer.h,
/// tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const string Version = "brain.Event:2";
    private const int BufferBytes = 1 << 16;
    private static int _files;

    private readonly FileStream _stream;
    private readonly ProtoWriter _event = new();
    private readonly ProtoWriter _summary = new();
    private readonly ProtoWriter _value = new();
    private readonly ProtoWriter _inner = new();

    public EventFile(string folder)
    {
        Directory.CreateDirectory(folder);
        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        // The name by which TensorBoard finds such files; the numbers keep those of several processes and trainings apart.
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds:D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref _files) - 1}");
        _stream = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);
        Begin(0);
        _event.Text(3, Version);
        WriteRecord();
        Flush();
    }

    public void Scalar(string tag, long step, double value)
    {
        _value.Clear();
        _value.Text(1, tag);
        _value.Single(2, (float)value, always: true);
        WriteValue(step);
    }

    /// <summary>How many values fall below each limit and not below the one before.</summary>
    public void Histogram(string tag, long step, (double Min, double Max, double Sum, double SumOfSquares) moments, ReadOnlySpan<double> limits, ReadOnlySpan<double> counts)
    {
        var number = 0.0;
        foreach (var count in counts)
            number += count;
        _inner.Clear();
        _inner.Double(1, moments.Min);
        _inner.Double(2, moments.Max);
        _inner.Double(3, number);
        _inner.Double(4, moments.Sum);
        _inner.Double(5, moments.SumOfSquares);
        _inner.Doubles(6, limits);
        _inner.Doubles(7, counts);
        _value.Clear();
        _value.Text(1, tag);
        _value.Message(5, _inner);
        WriteValue(step);
    }

    /// <summary>A text in Markdown, for the plug-in that shows texts.</summary>
    public void Text(string tag, long step, string text)
    {
        const int StringType = 7;
        const int TensorClass = 2;
        _value.Clear();
        _value.Text(1, tag);
        // A tensor of one string; its shape is (1,).
        var (dimension, shape) = (new ProtoWriter(), new ProtoWriter());
        dimension.Int64(1, 1);
        shape.Message(2, dimension);
        _inner.Clear();
        _inner.Int64(1, StringType);
        _inner.Message(2, shape);
        _inner.Text(8, text);
        _value.Message(8, _inner);
        var plugin = new ProtoWriter();
        plugin.Text(1, "text");
        _inner.Clear();
        _inner.Message(1, plugin);
        _inner.Int64(4, TensorClass);
        _value.Message(9, _inner);
        WriteValue(step);
    }

    public void Flush() => _stream.Flush();

    public void Dispose() => _stream.Dispose();

    /// <summary>CRC-32C, rotated and shifted as TensorFlow does, so that a checksum of checksums is no trivial number.</summary>
    private static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }

    private void WriteValue(long step)
    {
        _summary.Clear();
        _summary.Message(1, _value);
        Begin(step);
        _event.Message(5, _summary);
        WriteRecord();
    }

    private void Begin(long step)
    {
        _event.Clear();
        _event.Double(1, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        _event.Int64(2, step);
    }

    private void WriteRecord()
    {
        Span<byte> frame = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)_event.Written.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], MaskedChecksum(frame[..8]));
        _stream.Write(frame);
        _stream.Write(_event.Written);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, MaskedChecksum(_event.Written));
        _stream.Write(frame[..4]);
    }
}
