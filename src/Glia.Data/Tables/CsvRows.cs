using System.Globalization;
using System.Text;
using CsvHelper;

namespace Glia.Data;

/// <summary>What one cell holds.</summary>
internal enum CellKind
{
    Missing,
    Number,
    Text,
}

/// <summary>A pass over the data rows of a CSV source, checked against the header; the only user of the CSV parser.</summary>
internal sealed class CsvRows : IDisposable
{
    private const int ProbeBytes = 4096;
    private const int MaxRowBytes = 16 << 20;
    private const int LongestNumber = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly string _name;
    private readonly CsvReader _reader;
    private readonly byte[][] _missing;
    private char[] _text = new char[256];

    public CsvRows(string name, Func<Stream> open, CsvOptions options)
    {
        _name = name;
        _missing = [.. options.MissingValues.Select(Encoding.UTF8.GetBytes)];
        using (var probe = open())
            RefuseBinary(probe);

        _reader = CsvReader.Create(open(), new CsvReaderOptions
        {
            Separator = options.Separator,
            HasHeader = false,
            TrackLineNumbers = true,
            TrimWhitespace = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = MaxRowBytes,
        });
        try
        {
            Names = ReadHeader();
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <summary>The column names, trimmed, all different.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The line where the current row starts (1-based).</summary>
    public long Line => _reader.LineNumber;

    public void Dispose() => _reader.Dispose();

    /// <summary>Advances to the next row; false at the end. A row has exactly as many cells as there are names.</summary>
    public bool Read()
    {
        if (!ReadRecord())
            return false;

        if (_reader.FieldCount != Names.Count)
        {
            throw new DataFormatException(
                _name, $"expected {Fields(Names.Count)} as in the header, found {_reader.FieldCount}.", Line);
        }

        return true;
    }

    /// <summary>Classifies a cell of the current row and gives the number if it is one (perhaps infinite).</summary>
    public CellKind Classify(int column, out double number)
    {
        var cell = Cell(column);
        number = double.NaN;
        foreach (var token in _missing)
        {
            if (cell.SequenceEqual(token))
                return CellKind.Missing;
        }

        if (!TryParseNumber(cell, out number))
            return CellKind.Text;

        return double.IsNaN(number) ? CellKind.Missing : CellKind.Number;
    }

    /// <summary>The text of a cell; valid until the next call.</summary>
    public ReadOnlySpan<char> Text(int column)
    {
        var cell = Cell(column);
        if (_text.Length < cell.Length)
            _text = new char[Math.Max(cell.Length, 2 * _text.Length)];

        try
        {
            return _text.AsSpan(0, StrictUtf8.GetChars(cell, _text));
        }
        catch (DecoderFallbackException e)
        {
            var name = Names is null ? null : Names[column];
            throw new DataFormatException(
                _name, $"field {column + 1} is not UTF-8 text; save the file in the encoding UTF-8.", Line, name, e);
        }
    }

    private static string Fields(int count) => count == 1 ? "1 field" : string.Create(CultureInfo.InvariantCulture, $"{count} fields");

    private ReadOnlySpan<byte> Cell(int column) => _reader.GetSpan(column).Trim(" \t"u8);

    private bool TryParseNumber(ReadOnlySpan<byte> cell, out double number)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            return true;

        var unsigned = cell.Length > 0 && cell[0] is (byte)'-' or (byte)'+' ? cell[1..] : cell;
        if (Ascii.EqualsIgnoreCase(unsigned, "inf"u8))
        {
            number = double.PositiveInfinity;
            return true;
        }

        // A file separated by semicolons comes from where numbers are written with a decimal comma.
        if (_reader.Separator != ';' || cell.Length > LongestNumber || cell.Count((byte)',') != 1)
            return false;

        Span<byte> dotted = stackalloc byte[cell.Length];
        cell.Replace(dotted, (byte)',', (byte)'.');
        return cell.IndexOf((byte)'.') < 0 && double.TryParse(dotted, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private bool ReadRecord()
    {
        try
        {
            while (_reader.Read())
            {
                if (_reader.FieldCount > 1 || !Cell(0).IsEmpty)
                    return true;
            }

            return false;
        }
        catch (CsvFormatException e)
        {
            throw new DataFormatException(_name, $"the row is malformed: {e.Message}", e.LineNumber > 0 ? e.LineNumber : null, null, e);
        }
    }

    private string[] ReadHeader()
    {
        if (!ReadRecord())
            throw new DataFormatException(_name, "the file is empty; expected a header row with the column names and then the data rows.");

        var names = new string[_reader.FieldCount];
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbers = 0;
        var decimals = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var name = Text(i).ToString();
            if (name.Length == 0)
                throw new DataFormatException(_name, $"column {i + 1} has no name; name it, or remove the column.", Line);

            if (!positions.TryAdd(name, i))
            {
                throw new DataFormatException(
                    _name, $"columns {positions[name] + 1} and {i + 1} are both named '{name}'; names must differ.", Line, name);
            }

            if (TryParseNumber(Cell(i), out var value))
            {
                numbers++;
                decimals += value == Math.Floor(value) ? 0 : 1;
            }

            names[i] = name;
        }

        if (numbers == names.Length || decimals > 0)
        {
            throw new DataFormatException(
                _name,
                $"expected a header row with the column names, found what looks like data ('{names[0]}', ...); add a header row.",
                Line);
        }

        return names;
    }

    private void RefuseBinary(Stream stream)
    {
        Span<byte> probe = stackalloc byte[ProbeBytes];
        probe = probe[..stream.ReadAtLeast(probe, probe.Length, throwOnEndOfStream: false)];
        if (probe.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || probe.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return;

        foreach (var b in probe)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
                throw new DataFormatException(_name, "this is not a text file; expected a table as CSV text.");
        }
    }
}
