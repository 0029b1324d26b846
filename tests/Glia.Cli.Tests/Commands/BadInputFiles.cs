using System.Globalization;

namespace Glia.Cli.Tests.Commands;

/// <summary>Files that cannot be trained on.</summary>
public sealed class BadInputFiles : IDisposable
{
    public BadInputFiles()
    {
        var rows = Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i * 0.7 % 1:F3},{i * 0.3 % 1:F3},{i % 2}")).ToArray();
        Table("ok", rows);
        Table("text", rows, (30, "0.1,oops,1"));
        Table("infinite", rows, (5, "inf,0.2,1"));
        Table("huge", rows, (6, "1e308,0.2,1"));
        Table("no-target", rows, (6, "0.1,0.2,"));
        Table("ragged", rows, (8, "0.1,0.2"));
        Table("unquoted", rows, (8, "\"0.1,0.2,1"));
        Table("few", rows[..5]);
        Table("one-class", [.. rows.Select(row => row[..^1] + "7")]);
        Table("constant", [.. rows.Select(row => row[..^1] + "0.25")]);
        Table("lonely", [.. rows.Select((row, i) => row[..^1] + (i % 2 == 0 ? "red" : "blue")), "0.5,0.5,green"]);
        Table("many-classes", [.. rows.Select((row, i) => string.Create(CultureInfo.InvariantCulture, $"{row}-{i}"))]);
        Files.Write("empty.csv", "");
        Files.Write("header.csv", "a,b,y\n");
        Files.Write("no-header.csv", "1,2,0\n3,4,1\n");
        Files.Write("same-names.csv", "a,a,y\n1,2,0\n");
        Files.Write("only-target.csv", "y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i % 2}\n")));
        Files.Write("binary.csv", [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        Files.Write("latin1.csv", [.. "name,y\nM"u8, 0xFC, .. "ller,1\n"u8]);
        Files.Write("empty.txt", "");
        Files.Write("one.txt", "x");
        Files.Write("short.txt", string.Concat(Enumerable.Repeat("to be or not ", 30)));
        Files.Write("same.txt", new string('a', 1000));
        Files.Write("binary.txt", [.. "text\n"u8, 0, 1, 2]);
        Files.Write("latin1.txt", [.. "M"u8, 0xFC, .. "ller"u8]);
        string Series(int count, Func<int, object> value) => "t,v\n" + string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},{value(i)}\n")));
        Files.Write("five.csv", Series(5, i => i));
        Files.Write("still.csv", Series(200, _ => 3));
        Files.Write("gap.csv", Series(200, i => i == 17 ? "" : i % 7));
        Files.Write("nan.csv", Series(200, i => i == 17 ? "nan" : i % 7));
        Files.Write("words.csv", Series(200, i => i % 2 == 0 ? "up" : "down"));
        Files.Write("series.csv", Series(200, i => i % 7));
        Files.Write("damaged.png", [0x89, .. "PNG\r\n\x1a\nnot really"u8]);
        Files.Write("one-folder/a/x.png", "");
        Files.Write("damaged-folder/a/x.png", "this is no image");
        Files.Write("damaged-folder/b/y.png", "this is no image");
        Files.Write("idx/train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 8, 0, 0, 0, 8, 1, 2, 3]);
        Files.Write("idx/train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Files.Write("half-idx/train-images-idx3-ubyte", [0]);
        Files.Write("full/file", "");
        Directory.CreateDirectory(Files["empty"]);
    }

    public Workspace Files { get; } = new();

    public void Dispose() => Files.Dispose();

    private void Table(string name, string[] rows, params (int Index, string Row)[] changes)
    {
        string[] changed = [.. rows];
        foreach (var (index, row) in changes)
            changed[index] = row;
        Files.Write(name + ".csv", "a,b,y\n" + string.Join('\n', changed) + "\n");
    }
}
