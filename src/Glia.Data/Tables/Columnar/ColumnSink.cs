using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Glia.Data;

/// <summary>
/// Takes the cells of a column as the file has them and adds them to a column of a table, by the rules that hold for CSV: texts are trimmed, the same texts
/// mean missing, and infinity is refused. Dates and times become the texts that they are in a CSV file.
/// </summary>
internal sealed class ColumnSink(string file, string name, ColumnKind kind, IReadOnlyList<string> missing, ExpansionBudget budget)
{
    private const double LargestExact = 9007199254740992;
    private const long TicksPerSecond = TimeSpan.TicksPerSecond;
    private const long UnixDays = 719162;
    private const int LongestNumber = 1000;
    private const int ShortText = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private static readonly double[] Tens = [.. Enumerable.Range(0, 23).Select(i => double.Parse($"1e{i}", CultureInfo.InvariantCulture))];

    private char[] _text = new char[64];
    private ColumnBuilder? _target;

    // The codes that long texts of a dictionary have in the target, so that they are not compared anew for each row.
    private readonly Dictionary<int, int> _longTexts = [];
    private Column? _copied;

    /// <summary>The name of the column.</summary>
    public string Name => name;

    /// <summary>The row of the file (0-based) that is being added; −1 for a dictionary, which belongs to no row.</summary>
    public long Row { get; set; }

    /// <summary>An empty column of this kind that further cells go to.</summary>
    public ColumnBuilder Begin(int capacity)
    {
        _longTexts.Clear();
        return _target = new ColumnBuilder(name, kind, capacity);
    }

    /// <summary>Reads a dictionary of so many cells by this sink, which then goes on as before.</summary>
    public Column ReadDictionary(int count, Action<int> read)
    {
        budget.Expand((long)count * sizeof(double));
        var (target, row) = (_target, Row);
        var dictionary = Begin(count);
        for (var i = 0; i < count; i++)
        {
            Row = -1;
            read(i);
        }

        (_target, Row) = (target, row);
        _longTexts.Clear();
        return dictionary.Build();
    }

    public void Missing() => _target!.AddMissing();

    /// <summary>A cell of a dictionary that this sink has filled.</summary>
    public void Copy(Column dictionary, int index)
    {
        // Columns may share a dictionary and yet be of two kinds.
        if (dictionary.IsMissing(index))
            Missing();
        else if (dictionary.Kind == ColumnKind.Numeric)
            Number(dictionary.Numbers[index]);
        else if (kind == ColumnKind.Categorical)
            CopyText(dictionary, dictionary.Codes[index]);
        else
            Text(dictionary.Categories[dictionary.Codes[index]]);
    }

    private void CopyText(Column dictionary, int category)
    {
        if (_copied != dictionary)
            _longTexts.Clear();
        _copied = dictionary;
        var text = dictionary.Categories[category];
        if (text.Length <= ShortText)
            _target!.AddText(text);
        else if (_longTexts.TryGetValue(category, out var code))
            _target!.AddCode(code);
        else
            _longTexts.Add(category, _target!.AddText(text));
    }

    public void Number(double value)
    {
        if (double.IsNaN(value))
            Missing();
        else if (kind == ColumnKind.Categorical)
            _target!.AddText(Column.FormatNumber(value));
        else if (double.IsInfinity(value) && Row >= 0)
            throw Error("has an infinite value; correct it or leave it empty");
        else
            _target!.AddNumber(value);
    }

    public void Bool(bool value)
    {
        if (kind == ColumnKind.Numeric)
            _target!.AddNumber(value ? 1 : 0);
        else
            _target!.AddText(value ? "true" : "false");
    }

    /// <summary>The number value / 10^scale, rounded once, as reading its decimal text would.</summary>
    public void Decimal(BigInteger value, int scale)
    {
        if (BigInteger.Abs(value) <= (BigInteger)LargestExact && scale is >= 0 and < 23)
            Number((double)value / Tens[scale]);
        else
            Number(double.Parse(string.Create(CultureInfo.InvariantCulture, $"{value}e{-(long)scale}"), CultureInfo.InvariantCulture));
    }

    public void Decimal(long value, int scale)
    {
        if (value is >= -(long)LargestExact and <= (long)LargestExact && scale is >= 0 and < 23)
            Number(value / Tens[scale]);
        else
            Decimal((BigInteger)value, scale);
    }

    public void Decimal(ReadOnlySpan<byte> bytes, int scale, bool isBigEndian) => Decimal(new BigInteger(bytes, isUnsigned: false, isBigEndian), scale);

    public void Half(ushort bits) => Number((double)BitConverter.UInt16BitsToHalf(bits));

    /// <summary>A day, counted from 1970-01-01.</summary>
    public void Date(long days)
    {
        if (days < -UnixDays || days > 2932896)
            throw Error($"has the date {days} days from 1970-01-01, which is outside the years 1 to 9999");
        Span<char> text = stackalloc char[16];
        DateOnly.FromDayNumber((int)(days + UnixDays)).TryFormat(text, out var length, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Text(text[..length]);
    }

    /// <summary>A time of day in parts of a second.</summary>
    public void Time(long value, long partsPerSecond)
    {
        if (value < 0 || value / partsPerSecond >= 86400)
            throw Error($"has the time of day {value}, which is outside the day");
        Span<char> text = stackalloc char[24];
        new TimeOnly(Ticks(value, partsPerSecond)).TryFormat(text, out var length, "HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        Text(text[..length]);
    }

    /// <summary>A moment in parts of a second from 1970-01-01.</summary>
    public void Timestamp(long value, long partsPerSecond)
    {
        var (seconds, rest) = Math.DivRem(value, partsPerSecond);
        if (seconds <= -UnixDays * 86400 || seconds >= 2932897L * 86400)
            throw Error($"has a moment {seconds} seconds from 1970-01-01, which is outside the years 1 to 9999");
        Moment(DateTime.UnixEpoch.AddTicks((seconds * TicksPerSecond) + Ticks(rest, partsPerSecond)));
    }

    /// <summary>A moment as older writers have it: nanoseconds of the day and the Julian day.</summary>
    public void JulianTimestamp(ReadOnlySpan<byte> bytes)
    {
        var nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var day = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) - 2440588L;
        if (day <= -UnixDays || day >= 2932896 || nanoseconds is < 0 or > 86_400_000_000_000)
            throw Error("has a moment outside the years 1 to 9999");
        Moment(DateTime.UnixEpoch.AddDays(day).AddTicks(nanoseconds / 100));
    }

    public void Uuid(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[36];
        new Guid(bytes, bigEndian: true).TryFormat(text, out _);
        Text(text);
    }

    public void Utf8(ReadOnlySpan<byte> bytes)
    {
        budget.ReadText(bytes.Length);
        if (_text.Length < bytes.Length)
            _text = new char[Math.Max(bytes.Length, 2 * _text.Length)];
        int length;
        try
        {
            length = StrictUtf8.GetChars(bytes, _text);
        }
        catch (DecoderFallbackException)
        {
            throw Error("holds bytes that are no UTF-8 text; convert it to text or numbers, or leave the column out of the file");
        }

        Text(_text.AsSpan(0, length));
    }

    private void Moment(DateTime moment)
    {
        Span<char> text = stackalloc char[32];
        moment.TryFormat(text, out var length, "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        Text(text[..length]);
    }

    private void Text(ReadOnlySpan<char> text)
    {
        text = text.Trim(" \t");
        foreach (var token in missing)
        {
            if (text.SequenceEqual(token))
            {
                Missing();
                return;
            }
        }

        if (kind == ColumnKind.Categorical)
            _target!.AddText(text);
        else if (text.Length <= LongestNumber && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            Number(number);
        else
            throw Error($"is to hold numbers, but has '{(text.Length <= 40 ? text : text[..40])}'");
    }

    private static long Ticks(long value, long partsPerSecond) =>
        partsPerSecond <= TicksPerSecond ? value * (TicksPerSecond / partsPerSecond) : value / (partsPerSecond / TicksPerSecond);

    private DataFormatException Error(string what) => new(
        file, Row >= 0 ? string.Create(CultureInfo.InvariantCulture, $"row {Row + 1}: column '{name}' {what}.") : $"column '{name}' {what}.", column: name);
}
