using System.Globalization;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;
using Glia.Training;
using Glia.Training.Tuning;

namespace Glia.Results;

/// <summary>Successive halving against the whole grid of the same space, on the handwritten digits: what each finds, and in how many training steps.</summary>
internal static class SearchComparison
{
    private const int Epochs = 27;
    private const string Start = "<!-- written by bench/search.sh -->";
    private const string End = "<!-- end -->";

    public static void Run(IReadOnlyList<ulong> seeds, string? page, string machine)
    {
        var rows = new List<string>();
        var ratios = new List<double>();
        foreach (var seed in seeds)
        {
            var grid = Search(new GridSearch(), seed);
            var halved = Search(new SuccessiveHalving(new GridSearch(), 1, Epochs), seed);
            ratios.Add(halved.Result.Steps / (double)grid.Result.Steps);
            rows.Add(Row(seed, "grid", grid, ""));
            rows.Add(Row(seed, "ASHA", halved, string.Create(CultureInfo.InvariantCulture, $"{100 * ratios[^1]:F1} %")));
            // After every seed, so that a run that is cut short leaves the page true.
            Write(page, [
                "| seed | method | trials | best: validation loss | validation accuracy | test accuracy | rank in the grid | training steps | of the grid's |",
                "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
                .. rows,
                "",
                string.Create(CultureInfo.InvariantCulture, $"ASHA took {100 * ratios.Min():F1} to {100 * ratios.Max():F1} % of the grid's training steps, 1 in {1 / ratios.Average():F1} on average. Measured on {machine}."),
            ]);

            string Row(ulong of, string method, (SearchResult Result, double Test) run, string share)
            {
                var best = run.Result.Best!;
                var rank = grid.Result.Leaderboard.TakeWhile(t => !t.Values.SequenceEqual(best.Values)).Count() + 1;
                var text = string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {of} | {method} | {run.Result.Trials.Count} | {best.Score:F4} | {100 * best.Last.Metrics["accuracy"]:F1} % | {100 * run.Test:F1} % | {rank} | {run.Result.Steps:N0} | {share} |");
                Console.WriteLine($"{text} best: {string.Join(' ', best.Values)}");
                return text;
            }
        }
    }

    private static (SearchResult Result, double Test) Search(SearchMethod method, ulong seed)
    {
        var images = BuiltInDatasets.LoadImages("digits");
        var parts = Splits.Stratified([.. Enumerable.Range(0, images.Count).Select(images.Label)], [0.6, 0.2, 0.2], seed);
        var all = ImageDataset.Open(images, ImagePreprocessing.Fit(images, parts[0]));
        var space = new SearchSpace();
        var rate = space.LogUniform("learning rate", 1e-4, 1e-1, gridPoints: 7, digits: 2);
        var units = space.Choice("units", [16, 64, 128]);
        var batch = space.Choice("batch size", [16, 64]);
        var dropout = space.Choice("dropout", [0, 0.3]);
        IReadOnlyDictionary<string, Tensor>? weights = null;
        var search = new Search(space, method)
        {
            Seed = seed,
            Epochs = Epochs,
            Parallelism = Device.Threads,
            Improved = (_, run) => weights = run.BestWeights!.ToDictionary(p => p.Key, p => p.Value.Clone()),
        };
        SequentialNetwork Build(int width, double share) => Network.Input(1, 8, 8).Flatten().Dense(width).ReLU().Dropout(share).Dense(width).ReLU().Dropout(share).Dense(10).Build(seed);
        var result = search.Run([new Fold(all.Subset(parts[0]), all.Subset(parts[1]))], trial => new Candidate(
            new Trainer(Build(trial.Get(units), trial.Get(dropout)), Loss.CrossEntropy, new Adam(trial.Get(rate))) { Seed = seed, Metrics = [new Accuracy()] },
            trial.Get(batch)));
        var best = search.TrialOf(result.Best!.Number);
        var model = Build(best.Get(units), best.Get(dropout));
        model.LoadStateDict(weights!);
        var test = new Trainer(model, Loss.CrossEntropy, new Sgd(0.1)) { Metrics = [new Accuracy()] }.Evaluate(all.Subset(parts[2]))["accuracy"];
        return (result, test);
    }

    /// <summary>Puts the lines in the place of those between the marks.</summary>
    private static void Write(string? page, IEnumerable<string> lines)
    {
        if (page is null)
            return;
        var text = File.ReadAllText(page);
        var (from, to) = (text.IndexOf(Start, StringComparison.Ordinal) + Start.Length, text.IndexOf(End, StringComparison.Ordinal));
        File.WriteAllText(page, $"{text[..from]}\n\n{string.Join('\n', lines)}\n\n{text[to..]}");
    }
}
