using System.Globalization;

namespace Glia.Plots;

/// <summary>A confusion matrix as lines of text, without colour codes.</summary>
public static class TerminalConfusionMatrix
{
    private const string Corner = "true \\ pred.";
    private const string Recall = "recall";
    private const string Others = "others";
    private const string Gap = "  ";
    private const int LongestRowName = 24;
    private const int SmallestWidth = 50;

    /// <summary>
    /// A heading, and a line for each true class: its name, how often it was predicted as each class, and its recall. Where the names
    /// are too long for the columns, these have the class's number, from 0 on, which then also stands before the name. If not all
    /// classes fit, the first ones are shown and the predictions of the rest are summed up under "others".
    /// </summary>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="counts"><c>counts[t, p]</c> is how often the true class t was predicted as p; square, none negative.</param>
    /// <param name="width">The most columns a line may take, at least 50.</param>
    /// <param name="asciiOnly">For terminals without UTF-8.</param>
    /// <returns>The lines from top to bottom.</returns>
    /// <exception cref="ArgumentException">
    /// There is no class, the counts are not classes × classes, or one of them is negative.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is too small.</exception>
    public static IReadOnlyList<string> Render(IReadOnlyList<string> classNames, long[,] counts, int width = 80, bool asciiOnly = false)
    {
        if (width < SmallestWidth)
            throw new ArgumentOutOfRangeException(nameof(width), $"The width is {width} columns; it must be at least {SmallestWidth}.");
        var matrix = new ConfusionCounts(classNames, counts);
        var classes = Enumerable.Range(0, matrix.Names.Length).ToArray();
        var countWidths = Array.ConvertAll(classes, p => classes.Max(t => Text(counts[t, p]).Length));

        string[] rowNames = [.. matrix.Names.Select(name => TerminalText.Fit(name, LongestRowName, asciiOnly))];
        var headings = Array.ConvertAll(
            classes, i => TerminalText.PadLeft(TerminalText.Fit(matrix.Names[i], width, asciiOnly), countWidths[i]));
        if (FittingColumns(headings, Room(rowNames, width)) < headings.Length)
        {
            var numberWidth = Text(classes.Length - 1).Length;
            rowNames = Array.ConvertAll(classes, i => $"{Text(i).PadLeft(numberWidth)} {rowNames[i]}");
            headings = Array.ConvertAll(classes, i => Text(i).PadLeft(countWidths[i]));
        }

        var shown = FittingColumns(headings, Room(rowNames, width));
        var othersWidth = Math.Max(Others.Length, classes.Max(t => Text(matrix.RowSum(t)).Length));
        if (shown < classes.Length)
            shown = Math.Max(1, FittingColumns(headings, Room(rowNames, width) - othersWidth - Gap.Length));
        return Lines(matrix, rowNames, headings[..shown], othersWidth);
    }

    private static List<string> Lines(ConfusionCounts matrix, string[] rowNames, string[] headings, int othersWidth)
    {
        var (shown, all) = (headings.Length, rowNames.Length);
        var nameWidth = NameWidth(rowNames);
        string Line(string name, IEnumerable<string> cells, string others, string recall) => string.Join(Gap,
        [
            TerminalText.PadRight(name, nameWidth),
            .. cells,
            .. shown < all ? [others.PadLeft(othersWidth)] : Array.Empty<string>(),
            recall,
        ]);

        List<string> lines = [Line(Corner, headings, Others, Recall)];
        for (var t = 0; t < shown; t++)
        {
            var cells = headings.Select((heading, p) => TerminalText.PadLeft(Text(matrix.Counts[t, p]), TerminalText.Width(heading)));
            var others = matrix.RowSum(t) - Enumerable.Range(0, shown).Sum(p => matrix.Counts[t, p]);
            var recall = matrix.Occurs(t) ? ChartText.Percent(matrix.Share(t, t)) : "-";
            lines.Add(Line(rowNames[t], cells, Text(others), recall.PadLeft(Recall.Length)));
        }

        if (shown < all)
            lines.Add($"The first {shown} of {all} classes; a wider terminal shows more.");
        return lines;
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static int NameWidth(string[] rowNames) => Math.Max(Corner.Length, rowNames.Max(TerminalText.Width));

    private static int Room(string[] rowNames, int width) => width - NameWidth(rowNames) - Gap.Length - Recall.Length;

    /// <summary>How many of the columns, from the first on, fit into the room.</summary>
    private static int FittingColumns(string[] headings, int room) => headings
        .TakeWhile(heading => (room -= TerminalText.Width(heading) + Gap.Length) >= 0)
        .Count();
}
