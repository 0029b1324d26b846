using System.Globalization;
using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>Numbers that lie in a file of their own beside the model, and nowhere else: no absolute path, no way up, no link.</summary>
internal static class ExternalData
{
    public static ReadOnlyMemory<byte> Read(TensorProto proto, string? folder, long bytes)
    {
        var name = OnnxText.Shorten(proto.Name);
        var location = Entry(proto, "location") ?? throw new OnnxException($"tensor '{name}' lies in another file whose location is not said");
        var path = PathOf(location, folder, name);
        var offset = Number(proto, "offset", 0, name);
        var length = Number(proto, "length", bytes, name);
        if (length != bytes)
            throw new OnnxException($"tensor '{name}' needs {bytes} bytes but its part of '{OnnxText.Shorten(location)}' has {length}");
        try
        {
            using var file = File.OpenHandle(path);
            if (offset > RandomAccess.GetLength(file) - length)
                throw new OnnxException($"tensor '{name}' should be bytes {offset} to {(Int128)offset + length} of '{OnnxText.Shorten(location)}', which has {RandomAccess.GetLength(file)}");
            var data = new byte[length];
            for (var done = 0; done < data.Length;)
            {
                var count = RandomAccess.Read(file, data.AsSpan(done), offset + done);
                if (count == 0)
                    throw new OnnxException($"'{OnnxText.Shorten(location)}' became shorter while it was read");
                done += count;
            }
            return data;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OnnxException($"tensor '{name}' lies in '{OnnxText.Shorten(location)}' beside the model, which cannot be read: {error.Message}", error);
        }
    }

    private static string PathOf(string location, string? folder, string name)
    {
        var shown = OnnxText.Shorten(location);
        if (folder is null)
            throw new OnnxException($"tensor '{name}' lies in the file '{shown}', but the model was not read from a folder");
        var parts = location.Split('/', '\\');
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location) || location.Contains(':', StringComparison.Ordinal)
            || parts.Any(p => p is "" or "." or ".."))
        {
            throw new OnnxException($"tensor '{name}' lies in '{shown}'; only files beside the model, in its folder or below, are read, without '..' and absolute paths");
        }
        var path = folder;
        foreach (var part in parts)
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path) is { LinkTarget: not null })
                throw new OnnxException($"tensor '{name}' lies in '{shown}', which is reached by a link; links are not followed");
        }
        return File.Exists(path)
            ? path
            : throw new OnnxException($"tensor '{name}' lies in '{shown}' beside the model, but there is no such file");
    }

    private static string? Entry(TensorProto proto, string key) => proto.External?.LastOrDefault(e => e.Key == key)?.Value;

    private static long Number(TensorProto proto, string key, long otherwise, string name)
    {
        if (Entry(proto, key) is not { } text)
            return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new OnnxException($"tensor '{name}' has the {key} '{OnnxText.Shorten(text)}' in its external file, which is no number");
    }
}
