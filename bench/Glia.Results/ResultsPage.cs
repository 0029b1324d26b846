using System.Globalization;
using System.Text;

namespace Glia.Results;

/// <summary>One training run and its error on the test images.</summary>
internal sealed record ResultRow(Experiment Experiment, ulong Seed, long Parameters, double Error, double Seconds);

/// <summary>docs/results.md, as a whole.</summary>
internal static class ResultsPage
{
    public static void Write(string path, IReadOnlyList<ResultRow> rows, string machine, string dataNote)
    {
        var text = new StringBuilder();
        text.AppendLine("# Results on full-size data");
        text.AppendLine();
        text.AppendLine("Networks of the course, trained on all 60,000 images of MNIST and Fashion-MNIST and tested on the 10,000 held out. This page is written by");
        text.AppendLine("`bench/reproduce.sh`; your figures will differ by the processor and the number of threads in time, and hardly in error.");
        text.AppendLine();
        text.AppendLine("| network | data | parameters | epochs | test error, mean ± standard deviation | each seed | training time | compared with |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var group in rows.GroupBy(r => r.Experiment))
        {
            var errors = group.Select(r => r.Error).ToArray();
            var mean = errors.Average();
            var deviation = errors.Length < 2 ? 0 : Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / (errors.Length - 1));
            var spread = errors.Length < 2 ? $"{Number(mean, 2)} %" : $"{Number(mean, 2)} ± {Number(deviation, 2)} %";
            var each = string.Join(", ", group.Select(r => $"{Number(r.Error, 2)} %"));
            text.AppendLine(
                $"| {group.Key.Name} | {group.Key.DataName} | {group.First().Parameters.ToString("N0", CultureInfo.InvariantCulture)} | {group.Key.Epochs} | {spread} | {each} | {Number(group.Average(r => r.Seconds), 0)} s | {group.Key.Published} |");
        }
        text.AppendLine();
        text.AppendLine($"Machine: {machine}.{(dataNote.Length == 0 ? "" : " " + dataNote)}");
        text.AppendLine();
        text.AppendLine("## Protocol");
        text.AppendLine();
        text.AppendLine("- Pixels are standardised by the mean and deviation of the training images; nothing is augmented.");
        text.AppendLine("- The number of epochs is fixed beforehand and there is no early stopping: the last weights count. A run looks at the test images once, when it has ended.");
        text.AppendLine("- `--validate` trains on nine tenths of the training images, reports the error on the rest and does not open the test images. The settings of the MLP and of LeNet-5 were chosen with it; those of the CNN are usual ones and were not tuned.");
        text.AppendLine("- AdamW (weight decay 0.01) with one cycle of the learning rate, cross-entropy; seeds set the initial weights, the order of the batches and dropout.");
        text.AppendLine();
        text.AppendLine("| network | layers beyond its name | batch | highest rate |");
        text.AppendLine("| --- | --- | --- | --- |");
        foreach (var experiment in rows.Select(r => r.Experiment).Distinct())
            text.AppendLine($"| {experiment.Name} | {experiment.Description} | {experiment.BatchSize} | {experiment.MaximumRate.ToString("G3", CultureInfo.InvariantCulture)} |");
        text.AppendLine();
        text.AppendLine("## Run it");
        text.AppendLine();
        text.AppendLine("```console");
        text.AppendLine("bench/reproduce.sh --mnist ~/mnist --fashion-mnist ~/fashion-mnist   # folders with the four IDX files, .gz or not");
        text.AppendLine("bench/reproduce.sh --download                                        # fetches them first and checks their sums");
        text.AppendLine("```");
        File.WriteAllText(path, text.ToString().ReplaceLineEndings("\n"));
    }

    private static string Number(double value, int digits) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
