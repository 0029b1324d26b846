using System.Text.Json;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;
using Glia.Training.Diagnostics;

namespace Glia.Cli.Pictures;

/// <summary>The folder of a run or of a search, or a model file: what pictures are drawn from, each part read when it is first asked for.</summary>
internal sealed class PlotSource
{
    private const string MetricsName = "metrics.csv";

    // A record of a hundred thousand steps takes some megabytes.
    private const long LargestFile = 256 << 20;

    private readonly string _model;
    private readonly Lazy<TrainedModel> _trained;
    private readonly Lazy<RunRecord> _record;
    private readonly Lazy<Table> _metrics;
    private (string? Data, bool All, Dataset Samples, string Part)? _opened;
    private (Dataset Samples, Evaluation Result)? _evaluated;
    private (Dataset Samples, ClassifierScores Scores)? _scored;

    private PlotSource(string path, string folder, string model, TrainedModel? trained = null)
    {
        (Path, Folder, _model) = (path, folder, model);
        _trained = trained is null ? new(() => TrainedModel.Load(_model)) : new(trained);
        _record = new(() => Parse(RunFolder.RecordName, RunRecord.FromJson));
        _metrics = new(() => Table.ReadCsv(In(MetricsName)));
    }

    /// <summary>As the user named it.</summary>
    public string Path { get; }

    /// <summary>Where its files are.</summary>
    public string Folder { get; }

    /// <summary>What titles and legends call it.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.GetFullPath(Folder)) is { Length: > 0 } name ? name : Path;

    public bool HasModel => File.Exists(_model);

    public bool HasRecord => File.Exists(In(RunFolder.RecordName));

    public bool HasMetrics => File.Exists(In(MetricsName));

    public TrainedModel Model => _trained.Value;

    public SequentialNetwork Network => Model.Network;

    public Preparation Preparation => Model.Preparation;

    /// <summary>What the doctor saw.</summary>
    public RunRecord Record => _record.Value;

    /// <summary>What was measured epoch by epoch.</summary>
    public Table Metrics => _metrics.Value;

    public static PlotSource Open(string path)
    {
        if (Directory.Exists(path))
            return new(path, path, System.IO.Path.Combine(path, RunFolder.ModelName));
        if (File.Exists(path) && path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            return new(path, System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".", path);
        throw new UserException(File.Exists(path)
            ? $"'{path}' is no run. Give the folder of a run or of a search, or a model file."
            : $"There is no run '{path}'. Give the folder of a run or of a search, or a model file.");
    }

    /// <summary>A training that has just ended: model, held-out data and what was measured are at hand.</summary>
    public static PlotSource Of(string folder, TrainedModel model, Dataset test, Evaluation? result) => new(folder, folder, model.Path, model)
    {
        _opened = (null, false, test, Preparation.HeldOut),
        _evaluated = result is null ? null : (test, result),
    };

    public string In(string file) => System.IO.Path.Combine(Folder, file);

    public bool Has(string file) => File.Exists(In(file));

    /// <summary>Reads a JSON file of the folder.</summary>
    /// <exception cref="UserException">The file is not there, too large or damaged.</exception>
    public T Parse<T>(string file, Func<string, T> parse)
    {
        var path = In(file);
        if (!File.Exists(path))
            throw new UserException($"'{Path}' holds no {file}.");
        if (new FileInfo(path).Length > LargestFile)
            throw new UserException($"'{path}' is too large to be what the program writes.");
        try
        {
            return parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UserException($"'{path}' is damaged: {e.Message}", e);
        }
    }

    /// <summary>The samples to look at: the held-out part of the data that the model was trained on, or all of them.</summary>
    public Dataset Samples(PlotOptions options, bool all = false)
    {
        if (_opened is { } opened && opened.Data == options.Data && opened.All == all)
            return opened.Samples;
        var data = options.Data ?? Preparation.Source.Data;
        if (options.Data is null && !Directory.Exists(data) && !File.Exists(data) && BuiltInDatasets.Find(data) is null)
            throw new UserException($"The data that the model was trained on, '{data}', are not here. Name them, or others like them, with --data.");
        var (samples, part) = Preparation.Open(data, all);
        if (samples.Count == 0)
            throw new UserException($"{data}: there are no samples to look at.");
        _opened = (options.Data, all, samples, part);
        return samples;
    }

    /// <summary>Whether the samples to look at are those that were held out from training, and not, since the data have changed, all of others.</summary>
    public bool IsHeldOut(PlotOptions options) => Samples(options).Count > 0 && _opened!.Value.Part == Preparation.HeldOut;

    /// <summary>Looks at so many of the held-out samples at most, evenly spaced; of a series, whose parts belong together, at all.</summary>
    /// <returns>How many there are.</returns>
    public int LimitSamples(int most)
    {
        var samples = Samples(new());
        if (samples.Count > most && samples is not SeriesDataset)
            _opened = _opened!.Value with { Samples = samples.Subset([.. Enumerable.Range(0, most).Select(i => (int)((long)i * samples.Count / most))]) };
        return samples.Count;
    }

    /// <summary>What the model does on the samples to look at.</summary>
    public Evaluation Evaluate(PlotOptions options)
    {
        var samples = Samples(options);
        if (_evaluated is not { } known || known.Samples != samples)
            _evaluated = known = (samples, Preparation.Evaluate(Network, samples));
        return known.Result;
    }

    /// <summary>What a classifier says of the samples to look at.</summary>
    public ClassifierScores Scores(PlotOptions options)
    {
        var samples = Samples(options);
        if (_scored is not { } known || known.Samples != samples)
            _scored = known = (samples, ClassifierScores.Of(this, options));
        return known.Scores;
    }

    /// <summary>Some samples as a batch.</summary>
    public static Batch Read(Dataset data, params int[] samples) => new DataLoader(data.Subset(samples), samples.Length, shuffle: false, prefetch: 0).Epoch().First();

    /// <summary>The number of a sample that the user asked for, or another.</summary>
    public static int SampleOf(PlotOptions options, Dataset data, int otherwise = 0)
    {
        var sample = options.Sample ?? otherwise;
        return sample < data.Count ? sample : throw new UserException($"--sample is {sample}, but there are {data.Count} samples, numbered from 0.");
    }
}
