using System.Globalization;

namespace Glia.Results;

/// <summary>One training run and its error on the test images.</summary>
internal sealed record ResultRow(Experiment Experiment, ulong Seed, long Parameters, double Error, double Seconds);

/// <summary>The page's section on images.</summary>
internal static class ImageResults
{
    public static void Write(string path, IReadOnlyList<ResultRow> rows, string machine, string dataNote) =>
        ResultsPage.Write(path, "Images", Section(rows, machine, dataNote));

    private static IEnumerable<string> Section(IReadOnlyList<ResultRow> rows, string machine, string dataNote)
    {
        yield return "Networks of the course, trained on all 60,000 images of MNIST and Fashion-MNIST and tested on the 10,000 held out.";
        yield return "";
        yield return "| network | data | parameters | epochs | test error, mean ± standard deviation | each seed | training time | compared with |";
        yield return "| --- | --- | --- | --- | --- | --- | --- | --- |";
        foreach (var group in rows.GroupBy(r => r.Experiment))
        {
            var spread = ResultsPage.MeanAndDeviation(group.Select(r => r.Error), e => ResultsPage.Number(e, 2)) + " %";
            var each = string.Join(", ", group.Select(r => $"{ResultsPage.Number(r.Error, 2)} %"));
            var parameters = group.First().Parameters.ToString("N0", CultureInfo.InvariantCulture);
            yield return $"| {group.Key.Name} | {group.Key.DataName} | {parameters} | {group.Key.Epochs} | {spread} | {each} | {ResultsPage.Number(group.Average(r => r.Seconds), 0)} s | {group.Key.Published} |";
        }
        yield return "";
        yield return $"Machine: {machine}.{(dataNote.Length == 0 ? "" : " " + dataNote)}";
        yield return "";
        yield return "- Pixels are standardised by the mean and deviation of the training images; nothing is augmented.";
        yield return "- The number of epochs is fixed beforehand and there is no early stopping: the last weights count. A run looks at the test images once, when it has ended.";
        yield return "- `--validate` trains on nine tenths of the training images, reports the error on the rest and does not open the test images. The settings of the MLP and of LeNet-5 were chosen with it; those of the CNN are usual ones and were not tuned.";
        yield return "- AdamW (weight decay 0.01) with one cycle of the learning rate, cross-entropy; seeds set the initial weights, the order of the batches and dropout.";
        yield return "";
        yield return "| network | layers beyond its name | batch | highest rate |";
        yield return "| --- | --- | --- | --- |";
        foreach (var experiment in rows.Select(r => r.Experiment).Distinct())
            yield return $"| {experiment.Name} | {experiment.Description} | {experiment.BatchSize} | {experiment.MaximumRate.ToString("G3", CultureInfo.InvariantCulture)} |";
    }
}
