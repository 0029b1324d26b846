using System.Buffers.Binary;

namespace Glia.Data;

/// <summary>Reads the pages of a column, a row group after the other, and gives its cells to a sink.</summary>
internal sealed class ParquetColumnReader(ByteSource source, ParquetColumn column, ColumnSink sink)
{
    private const int UsualHeaderBytes = 128;
    private const int MostHeaderBytes = 16 << 20;

    private ParquetChunk _chunk;
    private long _position;
    private long _valuesLeft;
    private int _inPage;
    private RunLengthReader? _levels;
    private RunLengthReader? _indices;
    private ParquetValues? _values;
    private Column? _dictionary;

    /// <summary>Goes to the column's pages in a row group.</summary>
    public void Begin(ParquetRowGroup group)
    {
        _chunk = group.Chunks[column.Leaf];
        _position = _chunk.Start;
        _valuesLeft = _chunk.Values;
        _inPage = 0;
        _dictionary = null;
    }

    public void Read(ReadOnlySpan<bool> keep)
    {
        try
        {
            foreach (var kept in keep)
            {
                while (_inPage == 0)
                    NextPage();
                _inPage--;
                if (_levels is not null && _levels.Next() == 0)
                {
                    if (kept)
                        sink.Missing();
                }
                else
                {
                    ReadValue(kept);
                }

                sink.Row++;
            }
        }
        catch (CorruptDataException e)
        {
            throw Named(e);
        }
    }

    private void ReadValue(bool kept)
    {
        if (_indices is not null)
        {
            var index = _indices.Next();
            if ((uint)index >= (uint)_dictionary!.Count)
                throw new CorruptDataException($"entry {index} of a dictionary of {_dictionary.Count} is referred to; the file is damaged.");
            if (kept)
                sink.Copy(_dictionary, index);
        }
        else if (column.IsFixed)
        {
            var bits = _values!.NextNumber();
            if (kept)
                column.Add(sink, bits);
        }
        else
        {
            var bytes = _values!.NextBytes();
            if (kept)
                column.Add(sink, bytes);
        }
    }

    private void NextPage()
    {
        var page = ReadHeader();
        _position += page.HeaderBytes;
        if (page.Stored > _chunk.Start + _chunk.Length - _position)
            throw new CorruptDataException($"a page is said to have {page.Stored} bytes, more than are left of the column; the file is damaged.");
        var stored = source.Read(_position, page.Stored);
        _position += page.Stored;
        switch (page.Kind)
        {
            case ParquetPageKind.Dictionary:
                ReadDictionary(page, Expand(stored, 0, page.Expanded));
                return;
            case ParquetPageKind.Data:
                Begin(page, Expand(stored, 0, page.Expanded), 0, null);
                return;
            case ParquetPageKind.DataVersion2:
                var levels = (long)page.DefinitionBytes + page.RepetitionBytes;
                if (levels > stored.Length || levels > page.Expanded)
                    throw new CorruptDataException("the levels of a page are longer than the page; the file is damaged.");
                // Which values are missing is never compressed.
                var marks = column.IsOptional ? new RunLengthReader(stored, page.RepetitionBytes, page.DefinitionBytes, 1) : null;
                if (page.IsCompressed)
                    Begin(page, Expand(stored, (int)levels, page.Expanded - (int)levels), 0, marks);
                else
                    Begin(page, stored, (int)levels, marks);
                return;
            case ParquetPageKind.Index:
                return;
            default:
                throw new CorruptDataException($"a page is of the unknown kind {(int)page.Kind}; the file is damaged.");
        }
    }

    private ParquetPage ReadHeader()
    {
        if (_valuesLeft == 0)
            throw new CorruptDataException("the pages have fewer values than there are rows; the file is damaged.");
        var left = _chunk.Start + _chunk.Length - _position;
        for (long size = Math.Min(left, UsualHeaderBytes); ; size = Math.Min(left, 16 * size))
        {
            try
            {
                return ParquetPage.Read(source.Read(_position, (int)size));
            }
            catch (CorruptDataException e) when (e.IsTruncated && size < Math.Min(left, MostHeaderBytes))
            {
                // A header may hold long texts, the least and the greatest of its page.
            }
        }
    }

    private void ReadDictionary(ParquetPage page, byte[] data)
    {
        if (_dictionary is not null)
            throw new CorruptDataException("a column has two dictionaries in a row group; the file is damaged.");
        if (page.Encoding is not (ParquetEncoding.Plain or ParquetEncoding.PlainDictionary) || column.Type == ParquetType.Boolean)
            throw new CorruptDataException($"a dictionary is written in the encoding {page.Encoding}, which is not read.");
        var least = column.Type switch
        {
            ParquetType.Int64 or ParquetType.Double => 8,
            ParquetType.Int96 or ParquetType.FixedBytes => column.Width,
            _ => 4,
        };
        if (page.Values > data.Length / least)
            throw new CorruptDataException($"a dictionary is said to have {page.Values} entries in {data.Length} bytes; the file is damaged.");
        var values = ParquetValues.Create(column, ParquetEncoding.Plain, data, 0);
        _dictionary = sink.ReadDictionary(page.Values, _ =>
        {
            if (column.IsFixed)
                column.Add(sink, values.NextNumber());
            else
                column.Add(sink, values.NextBytes());
        });
    }

    private void Begin(ParquetPage page, byte[] data, int start, RunLengthReader? levels)
    {
        if (page.Values > _valuesLeft)
            throw new CorruptDataException("the pages have more values than there are rows; the file is damaged.");
        _valuesLeft -= page.Values;
        _inPage = page.Values;
        if (column.IsOptional && levels is null)
        {
            if (page.LevelEncoding != ParquetEncoding.RunLength)
                throw new CorruptDataException($"which values are missing is written in the encoding {page.LevelEncoding}, which is not read.");
            if (data.Length < 4)
                throw new CorruptDataException("a page ends too early; the file is damaged.");
            var length = CorruptDataException.Length(BinaryPrimitives.ReadInt32LittleEndian(data), data.Length - 4, "the length of the levels of a page");
            levels = new RunLengthReader(data, 4, length, 1);
            start = 4 + length;
        }

        (_levels, _indices, _values) = (levels, null, null);
        if (page.Encoding is not (ParquetEncoding.PlainDictionary or ParquetEncoding.RunLengthDictionary))
        {
            _values = ParquetValues.Create(column, page.Encoding, data, start);
            return;
        }

        if (_dictionary is null)
            throw new CorruptDataException("a page refers to a dictionary that is not there; the file is damaged.");
        // A page of missing values alone may have no indices at all.
        _indices = start < data.Length ? new RunLengthReader(data, start + 1, data.Length - start - 1, data[start]) : new RunLengthReader(data, start, 0, 0);
    }

    private byte[] Expand(byte[] stored, int start, int expanded)
    {
        ColumnCodec codec;
        switch (_chunk.Codec)
        {
            case 0 when start == 0:
                return stored;
            case 0: codec = ColumnCodec.None; break;
            case 1: codec = ColumnCodec.Snappy; break;
            case 2: codec = ColumnCodec.GZip; break;
            case 4: codec = ColumnCodec.Brotli; break;
            case 5: codec = ColumnCodec.Lz4Hadoop; break;
            case 6: codec = ColumnCodec.Zstandard; break;
            case 7: codec = ColumnCodec.Lz4Block; break;
            default:
                throw new CorruptDataException($"it is compressed by the method {(_chunk.Codec == 3 ? "LZO" : _chunk.Codec)}, which is not read; write the file with another, such as Snappy or Zstandard.");
        }

        // Nothing may be compressed to nothing.
        return expanded == 0 ? [] : Decompressor.Expand(source.Budget, codec, stored, start, stored.Length - start, expanded);
    }

    private CorruptDataException Named(CorruptDataException e) => new($"column '{column.Name}': {e.Message}");
}
