using System.Globalization;

namespace Glia.Results;

/// <summary>Trains every cell on every task of <see cref="MemoryTask.All"/> and writes the page's section on them.</summary>
internal static class MemoryResults
{
    private const int ProgressSteps = 250;

    public static void Run(IReadOnlyList<ulong> seeds, string only, string? path, string machine)
    {
        var rows = new List<MemoryRow>();
        foreach (var seed in seeds)
        {
            foreach (var task in MemoryTask.All.Where(t => t.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
            {
                foreach (var cell in Enum.GetValues<MemoryCell>())
                {
                    Console.WriteLine($"{task.Name}, {cell}, seed {seed}");
                    var sum = 0.0;
                    var row = task.Run(cell, seed, (step, loss) =>
                    {
                        sum += loss;
                        if (step % ProgressSteps != 0)
                            return;
                        Console.WriteLine($"  step {step,4}: loss {ResultsPage.Number(sum / ProgressSteps, 4)}");
                        sum = 0;
                    });
                    Console.WriteLine($"{task.Measure}: {task.Format(row.Score)}, {ResultsPage.Number(row.Seconds, 0)} s");
                    rows.Add(row);
                    // After every run, so that one that is cut short leaves the page true.
                    if (path is not null)
                        ResultsPage.Write(path, "Long memory", Section(rows, machine));
                }
            }
        }
    }

    private static IEnumerable<string> Section(IReadOnlyList<MemoryRow> rows, string machine)
    {
        yield return "Three tasks whose answer lies far back in the sequence (Hochreiter and Schmidhuber 1997), and three cells with the same number of units,";
        yield return "steps, sequences, optimiser and limit of the gradient. What a network without memory reaches stands beside the measure.";
        yield return "";
        yield return "| task | measure (without memory) | cell | parameters | mean ± standard deviation | each seed | training time |";
        yield return "| --- | --- | --- | --- | --- | --- | --- |";
        foreach (var group in rows.GroupBy(r => (r.Task, r.Cell)).OrderBy(g => MemoryTask.All.ToList().IndexOf(g.Key.Task)).ThenBy(g => g.Key.Cell))
        {
            var (task, cell) = group.Key;
            var spread = ResultsPage.MeanAndDeviation(group.Select(r => r.Score), task.Format);
            var each = string.Join(", ", group.Select(r => task.Format(r.Score)));
            var parameters = group.First().Parameters.ToString("N0", CultureInfo.InvariantCulture);
            yield return $"| {task.Name} | {task.Measure} ({task.Chance}) | {cell} {task.Hidden} | {parameters} | {spread} | {each} | {ResultsPage.Number(group.Average(r => r.Seconds), 0)} s |";
        }
        yield return "";
        yield return $"Machine: {machine}. Seeds: {string.Join(", ", rows.Select(r => r.Seed).Distinct())}.";
        yield return "";
        yield return "- One recurrent layer of 32 or 64 units and a dense layer on its last output, or on each for the copy task; Glia's initial weights.";
        yield return $"- Adam, {MemoryTask.BatchSize} new sequences at every step, the norm of the gradients clipped to {MemoryTask.ClipNorm}; no sequence is seen twice.";
        yield return $"- {MemoryTask.TestCount.ToString("N0", CultureInfo.InvariantCulture)} test sequences, the same for all, drawn from another seed. Trial runs for the settings saw them too.";
        yield return "- The number of steps, the rate and the forget bias of each task were chosen by some runs of the Lstm, on the same seeds; steps and rate are the same for all cells.";
        yield return $"  The SimpleRnn is also trained with {ResultsPage.Number(MemoryTask.SmallerRate, 1)} times the rate, and the better of its two results counts; its time is that of one.";
        yield return "- A forget bias of 4, about ln T, lets the memory of the Lstm begin open; the other cells have no such setting.";
        yield return "";
        yield return "| task | sequences | steps | rate | forget bias of the Lstm |";
        yield return "| --- | --- | --- | --- | --- |";
        foreach (var task in rows.Select(r => r.Task).Distinct())
            yield return $"| {task.Name} | {task.Description} | {task.Steps.ToString("N0", CultureInfo.InvariantCulture)} | {task.LearningRate.ToString("G3", CultureInfo.InvariantCulture)} | {task.ForgetBias.ToString("G3", CultureInfo.InvariantCulture)} |";
    }
}
