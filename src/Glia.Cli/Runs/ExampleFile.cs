using System.Globalization;
using System.Text;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Interchange;
using Glia.Plots;

namespace Glia.Cli.Runs;

/// <summary>A small file that a fresh model can be tried on, made from the data where the data are built in.</summary>
internal static class ExampleFile
{
    private const int Rows = 5;

    /// <summary>Writes the example into a folder, and returns what the user would type to use it once the folder has its final name.</summary>
    public static string Write(Problem problem, string folder, string finalFolder)
    {
        var location = DataLocation.Find(problem.Preprocessing.Source.Data);
        if (location.Form != DataForm.BuiltIn)
            return problem.Preprocessing.Source.Data;
        if (problem.Preprocessing.Images is null)
        {
            var table = BuiltInDatasets.Load(location.Path);
            var parts = TableProblem.Parts(table, problem.Preprocessing.Target!, problem.Preprocessing.Source.Seed);
            var some = table.Select(parts[Split.Test].AsSpan(0, Math.Min(Rows, parts[Split.Test].Length)));
            AtomicFile.Write(Path.Combine(folder, "example.csv"), stream => stream.Write(Encoding.UTF8.GetBytes(ToCsv(some))));
            return Path.Combine(finalFolder, "example.csv");
        }
        var images = BuiltInDatasets.LoadImages(location.Path);
        const int Shown = 7;
        var index = Enumerable.Range(0, images.Count).First(i => images.Label(i) == Shown);
        var pixels = new float[images.Height * images.Width];
        images.Read(index, pixels);
        var file = string.Create(CultureInfo.InvariantCulture, $"example-{images.ClassNames[Shown]}.png");
        GreyImage.SavePng(Path.Combine(folder, file), images.Height, images.Width, pixels);
        return Path.Combine(finalFolder, file);
    }

    private static string ToCsv(Table table)
    {
        var text = new StringBuilder().AppendJoin(',', table.Columns.Select(c => c.Name)).Append('\n');
        for (var row = 0; row < table.RowCount; row++)
            text.AppendJoin(',', table.Columns.Select(c => c.GetText(row) ?? "")).Append('\n');
        return text.ToString();
    }
}
