using System.Globalization;

namespace Glia.Results;

/// <summary>docs/results.md, of which every experiment writes its own section and leaves the others as they are.</summary>
internal static class ResultsPage
{
    private const string Start = "## ";

    private static readonly string[] Introduction =
    [
        "# Results",
        "",
        "What networks of the course reach: on full-size data, and on tasks that measure how far back a recurrent network can remember. This page is written by",
        "`bench/reproduce.sh`; your figures will differ by the processor and the number of threads in time, and hardly in error.",
        "",
        "```console",
        "bench/reproduce.sh --mnist ~/mnist --fashion-mnist ~/fashion-mnist   # the images: folders with the four IDX files, .gz or not",
        "bench/reproduce.sh --download                                        # fetches them first and checks their sums",
        "bench/reproduce.sh --memory                                          # long memory; needs no data",
        "```",
        "",
    ];

    /// <summary>Puts a section in the place of the one with the same heading, or at the end.</summary>
    public static void Write(string path, string heading, IEnumerable<string> section)
    {
        var old = File.Exists(path) ? File.ReadAllLines(path) : [];
        var sections = new List<List<string>>();
        foreach (var line in old)
        {
            if (line.StartsWith(Start, StringComparison.Ordinal))
                sections.Add([]);
            if (sections.Count > 0)
                sections[^1].Add(line);
        }
        List<string> lines = [Start + heading, "", .. section, ""];
        var place = sections.FindIndex(s => s[0] == lines[0]);
        if (place < 0)
            sections.Add(lines);
        else
            sections[place] = lines;
        File.WriteAllText(path, string.Join('\n', Introduction.Concat(sections.SelectMany(s => s))).TrimEnd() + "\n");
    }

    /// <summary>Mean and, of two and more, standard deviation.</summary>
    public static string MeanAndDeviation(IEnumerable<double> values, Func<double, string> format)
    {
        var all = values.ToArray();
        var mean = all.Average();
        return all.Length < 2 ? format(mean) : $"{format(mean)} ± {format(Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1)))}";
    }

    public static string Number(double value, int digits) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
