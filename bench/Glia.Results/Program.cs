// Trains Experiment.All on full-size data, or MemoryTask.All with --memory, and writes their sections of docs/results.md (bench/reproduce.sh calls it); or tries the learning-rate
// tuner on a built-in data set with --rates, and writes the table of docs/learning-rate.md (bench/rates.sh calls it).
// With --search compares searches on the digits and writes the table of docs/search.md; bench/search.sh calls it. With --recording measures what recording a training costs, for
// docs/runs.md; bench/recording.sh calls it.
using System.Diagnostics;
using System.Globalization;
using Glia.Data;
using Glia.Results;
using Glia.Training;

var culture = CultureInfo.InvariantCulture;
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
var folders = new Dictionary<string, string?> { ["mnist"] = Option("--mnist"), ["fashion-mnist"] = Option("--fashion-mnist") };
var seeds = (Option("--seeds") ?? "0 1 2").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => ulong.Parse(s, culture)).ToArray();
var only = Option("--only") ?? "";
var validates = args.Contains("--validate");
if (args.Contains("--memory"))
{
    MemoryResults.Run(seeds, only, Option("--out"), Option("--machine") ?? "unknown");
    return 0;
}
if (args.Contains("--recording"))
{
    RecordingCost.Run(int.Parse(Option("--rounds") ?? "9", culture), Option("--out"), Option("--machine") ?? "unknown");
    return 0;
}
if (args.Contains("--search"))
{
    SearchComparison.Run(seeds, Option("--out"), Option("--machine") ?? "unknown");
    return 0;
}

if (args.Contains("--rates"))
{
    RateResults.Run(Option("--rates")!, Option("--kept")!, Option("--out")!, Option("--machine") ?? "unknown");
    return 0;
}
var rows = new List<ResultRow>();
foreach (var experiment in Experiment.All)
{
    if (folders[experiment.DataName] is not { } folder || !experiment.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
        continue;
    var images = Read(folder, "train");
    var (learn, check) = (Enumerable.Range(0, images.Count).ToArray(), Array.Empty<int>());
    if (validates)
    {
        var parts = Splits.Stratified(images.Labels, [0.9, 0.1], seed: 0);
        (learn, check) = (parts[0], parts[1]);
    }
    var preprocessing = ImagePreprocessing.Fit(images, learn);
    var all = ImageDataset.Open(images, preprocessing);
    var train = validates ? all.Subset(learn) : all;
    // The test images are not even opened while settings are being chosen.
    var test = validates ? all.Subset(check) : ImageDataset.Open(Read(folder, "t10k"), preprocessing);
    foreach (var seed in seeds)
    {
        Console.WriteLine($"{experiment.Name} on {experiment.DataName}, seed {seed}, {train.Count:N0} images");
        var network = experiment.Build(seed);
        var trainer = experiment.TrainerFor(network, train.Count, seed, new PrintEpochs());
        var clock = Stopwatch.StartNew();
        trainer.Fit(train, epochs: experiment.Epochs, batchSize: experiment.BatchSize);
        var seconds = clock.Elapsed.TotalSeconds;
        var error = 100 * (1 - trainer.Evaluate(test)["accuracy"]);
        Console.WriteLine(string.Create(culture, $"{(validates ? "validation" : "test")} error {error:F2} %, {seconds:F0} s"));
        rows.Add(new(experiment, seed, network.ParameterCount, error, seconds));
        // After every run, so that one that is cut short leaves the page true.
        if (Option("--out") is { } path && !validates)
            ImageResults.Write(path, rows, Option("--machine") ?? "unknown", Option("--data-note") ?? "");
    }
}
if (rows.Count == 0)
{
    Console.Error.WriteLine("Nothing to train: give --mnist FOLDER or --fashion-mnist FOLDER, each with the four IDX files, or --memory, which needs no data.");
    return 2;
}
return 0;

static ImageSet Read(string folder, string part)
{
    string Find(string name) => File.Exists(Path.Combine(folder, name)) ? Path.Combine(folder, name) : Path.Combine(folder, name + ".gz");
    return ImageSet.ReadIdx(Find($"{part}-images-idx3-ubyte"), Find($"{part}-labels-idx1-ubyte"));
}

internal sealed class PrintEpochs : Callback
{
    public override void OnEpochEnd(TrainingState state)
    {
        var epoch = state.History.Epochs[^1];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  epoch {epoch.Epoch,2}: loss {epoch.Training["loss"]:F4}, accuracy {epoch.Training["accuracy"]:F4}, {epoch.TrainingSeconds:F1} s"));
    }
}
