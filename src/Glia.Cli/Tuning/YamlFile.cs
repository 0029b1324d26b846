using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Glia.Cli.Tuning;

/// <summary>Reads a YAML file as a tree of plain nodes. Files that could grow beyond their size when read, or nest too deeply, are refused before.</summary>
internal static class YamlFile
{
    private const int MostBytes = 1 << 20;
    private const int MostLevels = 8;
    private const int MostNodes = 10_000;

    /// <summary>The mapping that the file consists of.</summary>
    public static YamlMappingNode Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new UserException(Directory.Exists(path) ? $"'{path}' is a folder, not a search file." : $"There is no search file '{path}'.");
        if (file.Length > MostBytes)
            throw new UserException($"{path}: a search file of {file.Length:N0} bytes is too large; at most {MostBytes:N0} are read.");
        string text;
        try
        {
            text = File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException e)
        {
            throw new UserException($"{path}: the file is not text in UTF-8.", e);
        }
        try
        {
            Check(path, text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? root
                : throw new UserException($"{path}: a search file is one mapping of keys to values, such as 'data: digits'.");
        }
        catch (YamlException e)
        {
            throw Error(path, e.Start.Line, $"this is not YAML: {(e.InnerException ?? e).Message}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException or FormatException or OverflowException)
        {
            // The parser throws these on some damaged texts.
            throw new UserException($"{path}: this is not YAML: {e.Message}", e);
        }
    }

    public static UserException Error(string path, long line, string message) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path} line {line}: {message}"));

    /// <summary>Goes through the file without building anything.</summary>
    private static void Check(string path, string text)
    {
        var parser = new Parser(new StringReader(text));
        var (level, nodes, documents) = (0, 0, 0);
        while (parser.MoveNext())
        {
            var now = parser.Current!;
            var line = now.Start.Line;
            if (now is AnchorAlias || now is NodeEvent { Anchor.IsEmpty: false })
                throw Error(path, line, "anchors and aliases (& and *) are not read. Write the values out.");
            if (now is NodeEvent { Tag.IsEmpty: false })
                throw Error(path, line, "tags (!) are not read. Leave them out.");
            if (now is DocumentStart && ++documents > 1)
                throw Error(path, line, "a second document begins here, but a search file has one.");
            level += now.NestingIncrease;
            if (level > MostLevels)
                throw Error(path, line, $"values are nested more than {MostLevels - 2} deep.");
            if (++nodes > MostNodes)
                throw Error(path, line, $"there are more than {MostNodes:N0} values.");
        }
    }
}
