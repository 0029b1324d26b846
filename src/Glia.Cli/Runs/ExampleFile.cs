using System.Text;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Interchange;

namespace Glia.Cli.Runs;

/// <summary>A small file that a fresh model can be tried on.</summary>
internal static class ExampleFile
{
    /// <summary>Writes the example into a folder unless it is in a file already; returns its path once the folder has its final name.</summary>
    public static string Write(Example example, string folder, string finalFolder)
    {
        switch (example)
        {
            case Example.Rows rows:
                const string Csv = "example.csv";
                AtomicFile.Write(Path.Combine(folder, Csv), stream => stream.Write(Encoding.UTF8.GetBytes(ToCsv(rows.Table))));
                return Path.Combine(finalFolder, Csv);
            case Example.GreyPixels pixels:
                var png = $"example-{RunFolder.FileSafe(pixels.ClassName)}.png";
                Data.ImageFile.Save(Path.Combine(folder, png), Tensor.From(pixels.Pixels, (pixels.Height, pixels.Width)));
                return Path.Combine(finalFolder, png);
            case Example.ImageFile image:
                return image.Path;
            default:
                return "";
        }
    }

    private static string ToCsv(Table table)
    {
        var text = new StringBuilder().AppendJoin(',', table.Columns.Select(c => CsvText.Quote(c.Name))).Append('\n');
        for (var row = 0; row < table.RowCount; row++)
            text.AppendJoin(',', table.Columns.Select(c => CsvText.Quote(c.GetText(row) ?? ""))).Append('\n');
        return text.ToString();
    }
}
