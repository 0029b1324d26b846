using System.Text;

namespace Glia.Data;

/// <summary>Reads texts for language models.</summary>
public static class TextFile
{
    private const long MaxBytes = 512L << 20;

    /// <summary>Reads a text in UTF-8; ends of lines become a line feed.</summary>
    /// <param name="path">The file, at most 512 MiB.</param>
    /// <exception cref="DataFormatException">The file is too large, empty, or not text in UTF-8; the message names the line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var length = new FileInfo(path).Length;
        if (length > MaxBytes)
            throw new DataFormatException(path, $"the text has {length >> 20} MiB; {MaxBytes >> 20} MiB at most can be read.");
        var bytes = File.ReadAllBytes(path);
        var content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        if (content.IsEmpty)
            throw new DataFormatException(path, "the file is empty.");
        var zero = content.IndexOf((byte)0);
        if (zero >= 0)
            throw new DataFormatException(path, "this is not a text file: it holds a zero byte.", LineOf(content, zero));
        return Decode(path, content).ReplaceLineEndings("\n");
    }

    private static string Decode(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFormatException(path, "the text is not in UTF-8. Convert it first.", LineOf(content, Math.Max(0, e.Index)), innerException: e);
        }
    }

    private static long LineOf(ReadOnlySpan<byte> content, int index) => content[..Math.Min(index, content.Length)].Count((byte)'\n') + 1;
}
