using System.Text.Json;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Commands.History;
using Glia.Cli.Commands.Tune;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Runs;
using Glia.Training;

namespace Glia.Cli.Runs;

/// <summary>
/// The record of a training in the run store, and its event files. The store is opened while the data are loaded. A store that the user chose must work, or nothing is trained; the
/// user's own, when it fails, is worth a warning only.
/// </summary>
internal sealed class RunHistory : IDisposable
{
    private readonly Terminal _terminal;
    private readonly StoreLocation? _location;
    private readonly Task<RunStore?> _opening;
    private readonly string? _tensorBoard;
    private readonly List<Callback> _callbacks = [];
    private RunStore? _store;
    private RunWriter? _run;

    private RunHistory(TrainOptions options, Terminal terminal)
    {
        _terminal = terminal;
        _location = options.IsNotStored ? null : Locate(options);
        _tensorBoard = options.TensorBoard;
        _opening = Task.Run(() => _location is null ? null : RunStore.Open(_location.Path));
    }

    /// <summary>What a trainer is to call.</summary>
    public IReadOnlyList<Callback> Callbacks => _callbacks;

    public static RunHistory Open(TrainOptions options, Terminal terminal) => new(options, terminal);

    /// <summary>Waits for the store, before anything is trained or said.</summary>
    /// <param name="folder">Where the run will be.</param>
    /// <exception cref="RunStoreException">The store that the user chose cannot be used.</exception>
    /// <exception cref="UserException">Nor can the folder for TensorBoard.</exception>
    public void Prepare(string folder)
    {
        Try(() => _store = _opening.GetAwaiter().GetResult());
        if (_tensorBoard is not null)
            MakeFolder(folder);
    }

    /// <summary>Begins the record: from here on it is there, whatever comes.</summary>
    public void Begin(Problem problem, Recipe recipe, TrainOptions options, string folder)
    {
        Try(() => _run = _store?.Begin(Describe(problem, recipe, options, folder)));
        if (_run is not null)
        {
            _run.Warn = Warn;
            _callbacks.Add(new RunRecorder(_run));
        }
        if (_tensorBoard is not null)
            _callbacks.Add(new TensorBoardWriter(MakeFolder(folder)) { Settings = SettingsOf(recipe, options), Warn = Warn });
    }

    /// <summary>A pass of a model that learns without a trainer.</summary>
    public void AddPass(int pass, double learningRate, double seconds, int mistakes) => _run?.AddEpoch(new EpochRecord
    {
        Epoch = pass,
        LearningRate = learningRate,
        TrainingSeconds = seconds,
        Training = new Dictionary<string, double> { ["mistakes"] = mistakes },
    });

    /// <summary>Ends the record with results and files.</summary>
    public void Complete(TrainingLog log, Evaluation result, string folder)
    {
        if (_run is null)
            return;
        var (reason, best, verdict) = log.Outcome;
        _run.AddResults(result.ToJson()
            .Where(r => r.Key != "samples" && r.Value?.GetValueKind() == JsonValueKind.Number)
            .ToDictionary(r => "test_" + r.Key, r => new RunValue(Number(r.Value!)), StringComparer.Ordinal));
        AddFiles(folder);
        _run.Complete(reason, best, verdict);
    }

    /// <summary>Adds what is in a folder.</summary>
    public void AddFiles(string folder)
    {
        if (_run is null || !Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            try
            {
                _run.AddArtefact(file, KindOf(Path.GetFileName(file)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Warn($"'{file}' cannot be read again, so it is not in the record of the run.");
            }
        }
    }

    /// <summary>Ends the record with the reason of a failure, unless it has ended.</summary>
    public void Fail(Exception failure)
    {
        if (_run is { IsEnded: false })
            _run.Fail(failure.Message);
    }

    public void Dispose()
    {
        _run?.Dispose();
        // Without a run there may be nobody who has waited for the store.
        _opening.ContinueWith(opened => opened.Result?.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    /// <summary>A failure of the user's own store is a warning.</summary>
    private void Try(Action use)
    {
        try
        {
            use();
        }
        catch (RunStoreException e) when (_location is not { IsChosen: true })
        {
            Warn($"This run is not recorded. {e.Message}");
        }
    }

    private StoreLocation? Locate(TrainOptions options)
    {
        try
        {
            return StoreLocation.Find(options.Store);
        }
        catch (RunStoreException e)
        {
            Warn($"This run is not recorded. {e.Message}");
            return null;
        }
    }

    private static RunDescription Describe(Problem problem, Recipe recipe, TrainOptions options, string folder)
    {
        var source = problem.Preparation.Source;
        return new RunDescription
        {
            Name = Path.GetFileName(folder),
            Command = TrainArguments.Line(options.Data, options.Arguments),
            Folder = folder,
            Seed = options.Seed,
            Data = source.Data,
            Fingerprint = source.Fingerprint,
            Family = Families.NameOf(recipe.Kind),
            Model = recipe.Network.Summary().ToString(),
            Parameters = recipe.Network.ParameterCount,
            Measure = problem.Preparation.Measure.Key,
            Settings = SettingsOf(recipe, options),
        };
    }

    /// <summary>How it learns, and what else the user asked for.</summary>
    private static Dictionary<string, RunValue> SettingsOf(Recipe recipe, TrainOptions options)
    {
        var settings = new Dictionary<string, RunValue>(StringComparer.Ordinal);
        foreach (var (name, value) in recipe.Settings(options.Seed).Where(s => s.Key != "seed"))
        {
            // The run's own epochs and steps are those that were done.
            var key = name is "epochs" or "steps" ? $"max{char.ToUpperInvariant(name[0])}{name[1..]}" : name;
            switch (value?.GetValueKind())
            {
                case JsonValueKind.Number:
                    settings[key] = Number(value);
                    break;
                case JsonValueKind.String:
                    settings[key] = value.GetValue<string>();
                    break;
            }
        }
        foreach (var (name, value) in options.Arguments)
        {
            if (name is not ("seed" or "epochs" or "steps" or "family") && !settings.Keys.Any(k => string.Equals(k, name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)))
                settings[name] = value;
        }
        return settings;
    }

    private static double Number(JsonNode value) => value.Deserialize<JsonElement>().GetDouble();

    private static string KindOf(string file) => Path.GetExtension(file) switch
    {
        ".safetensors" => "model",
        ".png" or ".svg" when !file.StartsWith("example", StringComparison.Ordinal) => "picture",
        ".csv" when file == "metrics.csv" => "metrics",
        ".json" => "record",
        ".html" => "report",
        _ => "example",
    };

    private string MakeFolder(string folder)
    {
        var path = Path.Combine(_tensorBoard!, Path.GetFileName(folder));
        try
        {
            Directory.CreateDirectory(path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot create the folder '{path}' for TensorBoard: {FailureReason.Of(e, Path.GetFullPath(path))}. Choose another with --tensorboard.", e);
        }
    }

    private void Warn(string message) => _terminal.Error.WriteLine($"glia: warning: {message}");
}
