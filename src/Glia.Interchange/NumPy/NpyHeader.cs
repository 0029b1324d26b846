using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Glia.Interchange.NumPy;

/// <summary>The header of an npy file: type, order and shape. It is a dictionary of Python, of which exactly what NumPy writes is understood and nothing evaluated.</summary>
/// <param name="DType">The type of the elements.</param>
/// <param name="IsBigEndian">Whether the bytes of an element begin with the highest.</param>
/// <param name="IsColumnMajor">Whether the first axis varies fastest.</param>
/// <param name="Shape">The size of each axis.</param>
/// <param name="Length">How many bytes the header has.</param>
/// <param name="ByteLength">How many bytes the elements have.</param>
internal sealed record NpyHeader(SafetensorsDType DType, bool IsBigEndian, bool IsColumnMajor, long[] Shape, int Length, long ByteLength)
{
    /// <summary>The most that is read of a header; NumPy itself writes some hundred bytes.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MagicLength = 6;
    private const int MaxRank = 64;

    /// <summary>Whether bytes begin as an npy file does.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) => bytes.Length >= MagicLength && bytes[0] == 0x93 && bytes[1..MagicLength].SequenceEqual("NUMPY"u8);

    /// <summary>Reads the header from the first bytes of a file.</summary>
    /// <param name="readStart">Gives so many of the first bytes, or all if there are fewer.</param>
    /// <param name="error">Makes an exception of a problem.</param>
    public static NpyHeader Read(Func<int, byte[]> readStart, Func<string, WeightFileException> error)
    {
        const int usual = 1024;
        ReadOnlySpan<byte> bytes = readStart(usual);
        if (!Begins(bytes))
            throw error("it does not begin as an npy file does.");
        if (bytes.Length < MagicLength + 2)
            throw error("its header is cut short.");
        var (major, minor) = (bytes[MagicLength], bytes[MagicLength + 1]);
        if (major is not (1 or 2 or 3) || minor != 0)
            throw error($"it has version {major}.{minor} of the npy format; 1.0, 2.0 and 3.0 are read.");
        var start = MagicLength + 2 + (major == 1 ? sizeof(ushort) : sizeof(uint));
        if (bytes.Length < start)
            throw error("its header is cut short.");
        var length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(start - sizeof(ushort))..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[(start - sizeof(uint))..]);
        if (length > MaxLength - start)
            throw error($"its header is {length} bytes long; at most {MaxLength - start} are read.");
        if (length > bytes.Length - start)
            bytes = readStart(start + (int)length);
        if (length > bytes.Length - start)
            throw error("its header is cut short.");
        return new Parser(Encoding.UTF8.GetString(bytes.Slice(start, (int)length)), error).Parse(start + (int)length);
    }

    /// <summary>The header of a row-major array of little-endian numbers, padded so that they begin at a multiple of 64 bytes.</summary>
    public static byte[] Write(SafetensorsDType dtype, ReadOnlySpan<long> shape)
    {
        const int alignment = 64;
        const int start = MagicLength + 2 + sizeof(ushort);
        var sizes = string.Join(", ", shape.ToArray().Select(s => s.ToString(CultureInfo.InvariantCulture)));
        var text = $"{{'descr': '{CodeOf(dtype)}', 'fortran_order': False, 'shape': ({sizes}{(shape.Length == 1 ? "," : "")}), }}";
        var padded = ((start + text.Length + 1 + alignment - 1) / alignment * alignment) - start;
        var bytes = new byte[start + padded];
        bytes[0] = 0x93;
        "NUMPY"u8.CopyTo(bytes.AsSpan(1));
        bytes[MagicLength] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(start - sizeof(ushort)), checked((ushort)padded));
        Encoding.ASCII.GetBytes(text.PadRight(padded - 1) + "\n", bytes.AsSpan(start));
        return bytes;
    }

    private static string CodeOf(SafetensorsDType dtype) => dtype switch
    {
        SafetensorsDType.Bool => "|b1",
        SafetensorsDType.U8 => "|u1",
        SafetensorsDType.I8 => "|i1",
        SafetensorsDType.I16 => "<i2",
        SafetensorsDType.U16 => "<u2",
        SafetensorsDType.F16 => "<f2",
        SafetensorsDType.I32 => "<i4",
        SafetensorsDType.U32 => "<u4",
        SafetensorsDType.F32 => "<f4",
        SafetensorsDType.F64 => "<f8",
        SafetensorsDType.I64 => "<i8",
        SafetensorsDType.U64 => "<u8",
        _ => throw new ArgumentException($"NumPy has no type {dtype.FormatName()}.", nameof(dtype)),
    };

    private ref struct Parser(string text, Func<string, WeightFileException> error)
    {
        private int _at;

        public NpyHeader Parse(int length)
        {
            string? descr = null;
            bool? isColumnMajor = null;
            long[]? shape = null;
            Expect('{');
            while (!Accept('}'))
            {
                var key = Quoted();
                Expect(':');
                switch (key)
                {
                    case "descr" when descr is null: descr = Description(); break;
                    case "fortran_order" when isColumnMajor is null: isColumnMajor = Truth(); break;
                    case "shape" when shape is null: shape = Tuple(); break;
                    default: throw error($"its header has the key {SafetensorsHeader.Quote(key)} twice or should not have it.");
                }
                if (!Accept(','))
                {
                    Expect('}');
                    break;
                }
            }
            SkipSpaces();
            if (_at != text.Length)
                throw Unexpected("nothing more");
            if (descr is null || isColumnMajor is null || shape is null)
                throw error("its header lacks one of descr, fortran_order and shape.");
            var (dtype, isBigEndian) = TypeOf(descr);
            var bytes = dtype.ByteLength(shape) ?? throw error($"its shape ({string.Join(", ", shape)}) has too many elements.");
            return new(dtype, isBigEndian, isColumnMajor.Value, shape, length, bytes);
        }

        private readonly (SafetensorsDType DType, bool IsBigEndian) TypeOf(string descr)
        {
            var isBigEndian = descr.StartsWith('>');
            if (descr.Length > 1 && descr[1] == 'O')
                throw error("it is an array of Python objects, which are pickles; only arrays of numbers are read. Save arrays of numbers.");
            return descr switch
            {
                "|b1" or "|i1" or "|u1" or "<b1" or "<i1" or "<u1" or ">b1" or ">i1" or ">u1" => (descr[1] switch { 'b' => SafetensorsDType.Bool, 'i' => SafetensorsDType.I8, _ => SafetensorsDType.U8 }, false),
                "<i2" or ">i2" => (SafetensorsDType.I16, isBigEndian),
                "<u2" or ">u2" => (SafetensorsDType.U16, isBigEndian),
                "<f2" or ">f2" => (SafetensorsDType.F16, isBigEndian),
                "<i4" or ">i4" => (SafetensorsDType.I32, isBigEndian),
                "<u4" or ">u4" => (SafetensorsDType.U32, isBigEndian),
                "<f4" or ">f4" => (SafetensorsDType.F32, isBigEndian),
                "<f8" or ">f8" => (SafetensorsDType.F64, isBigEndian),
                "<i8" or ">i8" => (SafetensorsDType.I64, isBigEndian),
                "<u8" or ">u8" => (SafetensorsDType.U64, isBigEndian),
                _ => throw error($"it holds elements of NumPy's type {SafetensorsHeader.Quote(descr)}; numbers of at most 64 bits and booleans are read."),
            };
        }

        private string Description()
        {
            SkipSpaces();
            if (_at < text.Length && text[_at] == '[')
                throw error("it holds records of several fields; save each field as an array of its own.");
            return Quoted();
        }

        private bool Truth()
        {
            SkipSpaces();
            foreach (var (word, value) in ((string, bool)[])[("True", true), ("False", false)])
            {
                if (!text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal))
                    continue;
                _at += word.Length;
                return value;
            }
            throw Unexpected("True or False");
        }

        private long[] Tuple()
        {
            var sizes = new List<long>();
            Expect('(');
            while (!Accept(')'))
            {
                if (sizes.Count == MaxRank)
                    throw error($"its shape has more than {MaxRank} axes.");
                sizes.Add(Size());
                if (Accept(','))
                    continue;
                // (3) is a number in Python, not a tuple.
                if (sizes.Count == 1)
                    throw Unexpected("','");
                Expect(')');
                break;
            }
            return [.. sizes];
        }

        private long Size()
        {
            SkipSpaces();
            var end = _at;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            if (!long.TryParse(text.AsSpan(_at, end - _at), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                throw Unexpected("a size");
            _at = end;
            return size;
        }

        private string Quoted()
        {
            SkipSpaces();
            if (_at >= text.Length || text[_at] is not ('\'' or '"'))
                throw Unexpected("a text in quotes");
            var end = text.IndexOf(text[_at], _at + 1);
            if (end < 0)
                throw Unexpected("a text that ends");
            var result = text[(_at + 1)..end];
            _at = end + 1;
            return result;
        }

        private bool Accept(char wanted)
        {
            SkipSpaces();
            if (_at >= text.Length || text[_at] != wanted)
                return false;
            _at++;
            return true;
        }

        private void Expect(char wanted)
        {
            if (!Accept(wanted))
                throw Unexpected($"'{wanted}'");
        }

        private void SkipSpaces()
        {
            while (_at < text.Length && text[_at] is ' ' or '\n' or '\t' or '\r')
                _at++;
        }

        private readonly WeightFileException Unexpected(string wanted) =>
            error($"its header is not what NumPy writes: at character {_at} {wanted} was expected but it goes on with {SafetensorsHeader.Quote(text[Math.Min(_at, text.Length)..])}.");
    }
}
