using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Parquet;
using Parquet.Schema;

namespace Glia.Data.Tests;

/// <summary>Writes tables of numbers and texts as Parquet and Arrow files, by the libraries of others.</summary>
internal static class Columnar
{
    public static byte[] Parquet(Table table, CompressionMethod compression = CompressionMethod.Snappy, int rowGroup = int.MaxValue)
    {
        var fields = table.Columns.Select(DataField (c) => c.Kind == ColumnKind.Numeric ? new DataField<double?>(c.Name) : new DataField<string>(c.Name)).ToArray();
        var output = new MemoryStream();
        WriteAsync().GetAwaiter().GetResult();
        return output.ToArray();

        async Task WriteAsync()
        {
            await using var writer = await ParquetWriter.CreateAsync(new global::Parquet.Schema.ParquetSchema(fields), output, new ParquetOptions { CompressionMethod = compression });
            for (var start = 0; start < table.RowCount; start += Math.Min(rowGroup, table.RowCount))
            {
                var rows = Enumerable.Range(start, Math.Min(rowGroup, table.RowCount - start)).ToArray();
                using var group = writer.CreateRowGroup();
                for (var i = 0; i < fields.Length; i++)
                {
                    var column = table.Columns[i];
                    if (column.Kind == ColumnKind.Numeric)
                        await group.WriteAsync<double>(fields[i], rows.Select(double? (row) => column.IsMissing(row) ? null : column.Numbers[row]).ToArray());
                    else
                        await group.WriteAsync(fields[i], rows.Select(row => column.GetText(row)).ToArray()!);
                }
            }
        }
    }

    public static byte[] Arrow(Table table, CompressionCodecType? codec = null, int batch = int.MaxValue, bool asStream = false)
    {
        var batches = Enumerable.Range(0, ((table.RowCount - 1) / batch) + 1).Select(i => Batch(table, i * batch, Math.Min(batch, table.RowCount - (i * batch))));
        return Arrow([.. batches], codec, asStream);
    }

    public static byte[] Arrow(RecordBatch[] batches, CompressionCodecType? codec = null, bool asStream = false)
    {
        var output = new MemoryStream();
        var options = codec is null ? new IpcOptions() : new IpcOptions { CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory() };
        using var writer = asStream
            ? new ArrowStreamWriter(output, batches[0].Schema, leaveOpen: true, options)
            : new ArrowFileWriter(output, batches[0].Schema, leaveOpen: true, options);
        foreach (var batch in batches)
            writer.WriteRecordBatch(batch);
        writer.WriteEnd();
        return output.ToArray();
    }

    private static RecordBatch Batch(Table table, int start, int count)
    {
        var builder = new RecordBatch.Builder();
        foreach (var column in table.Columns)
        {
            if (column.Kind == ColumnKind.Numeric)
            {
                var numbers = new DoubleArray.Builder();
                for (var row = start; row < start + count; row++)
                    numbers = column.IsMissing(row) ? numbers.AppendNull() : numbers.Append(column.Numbers[row]);
                builder = builder.Append(column.Name, true, numbers.Build());
            }
            else
            {
                var texts = new StringArray.Builder();
                for (var row = start; row < start + count; row++)
                    texts = column.GetText(row) is { } text ? texts.Append(text) : texts.AppendNull();
                builder = builder.Append(column.Name, true, texts.Build());
            }
        }

        return builder.Build();
    }
}
