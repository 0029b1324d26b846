using System.Globalization;
using Glia.Cli.Runs;
using Glia.Plots;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Glia.Cli.Output;

/// <summary>Shows the evaluation of a classifier: accuracy, precision, recall and F1 per class and the confusion matrix.</summary>
internal static class EvaluationReport
{
    private const int MostClasses = 30;

    public static void Print(Terminal terminal, ClassEvaluation result)
    {
        var confusion = result.Confusion;
        var loss = double.IsNaN(result.Loss) ? "" : FormattableString.Invariant($"   loss {result.Loss:F4}");
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"accuracy {confusion.Accuracy:P2}   macro F1 {confusion.MacroF1:F4}{loss}"));
        terminal.Ansi.Write(PerClass(result));
        if (confusion.ClassCount > MostClasses)
            terminal.Line($"… and {confusion.ClassCount - MostClasses} more classes; summary.json has all of them.");
        terminal.Line("Confusion matrix (rows: true class, columns: predicted class)");
        foreach (var line in TerminalConfusionMatrix.Render(result.Classes, Counts(confusion), Math.Max(50, terminal.Ansi.Profile.Width)))
            terminal.Line(line);
    }

    public static long[,] Counts(Training.ConfusionMatrix confusion)
    {
        var counts = new long[confusion.ClassCount, confusion.ClassCount];
        for (var actual = 0; actual < confusion.ClassCount; actual++)
        {
            for (var predicted = 0; predicted < confusion.ClassCount; predicted++)
                counts[actual, predicted] = confusion[actual, predicted];
        }
        return counts;
    }

    private static Table PerClass(ClassEvaluation result)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("class");
        foreach (var heading in new[] { "precision", "recall", "F1", "samples" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        for (var c = 0; c < Math.Min(MostClasses, result.Classes.Count); c++)
        {
            var confusion = result.Confusion;
            table.AddRow(
                Markup.Escape(result.Classes[c]), Share(confusion.Precision(c)), Share(confusion.Recall(c)), Share(confusion.F1(c)),
                ModelSummary.Number(confusion.Support(c)));
        }
        return table;
    }

    private static string Share(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
