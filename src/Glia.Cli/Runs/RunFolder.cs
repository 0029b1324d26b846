using System.Globalization;
using System.Text;
using Glia.Cli.Commands;
using Glia.Cli.Pictures;
using Glia.Cli.Problems;
using Glia.Cli.Reports;
using Glia.Interchange;
using Glia.Training.Diagnostics;
using Glia.Plots;

namespace Glia.Cli.Runs;

/// <summary>
/// The folder of a run: model, metrics, plots. That of a training is there from the beginning, with <see cref="RunManifest"/> and checkpoints in it, so that it can go on after a crash;
/// others are filled under a temporary name beside their place and renamed when complete, so that nobody ever finds half of them. Whether it can be written is found out at once.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    public const string ModelName = "model.safetensors";
    public const string RecordName = "doctor.json";
    public const string SummaryName = "summary.json";

    private readonly string _temporary;
    private readonly string? _firstNewParent;
    private readonly bool _isResumed;
    private readonly bool _wasThere;
    private bool _isComplete;

    private RunFolder(string path, string temporary, string? firstNewParent, bool isResumed = false)
    {
        Path = path;
        _temporary = temporary;
        _firstNewParent = firstNewParent;
        _isResumed = isResumed;
        _wasThere = Directory.Exists(temporary);
    }

    /// <summary>Where the run will be.</summary>
    public string Path { get; }

    public string ModelPath => System.IO.Path.Combine(Path, ModelName);

    /// <summary>Where the checkpoints of training are.</summary>
    public string CheckpointFolder => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>Whether training could go on where it is.</summary>
    public bool CanGoOn => _isResumed || (_temporary == Path && Directory.Exists(CheckpointFolder) && Directory.EnumerateFiles(CheckpointFolder, "step-*").Any());

    /// <summary>The files with plots.</summary>
    public List<string> Pictures { get; } = [];

    /// <summary>A file that the model can be tried on, as part of a command line.</summary>
    public string ExampleInput { get; private set; } = "";

    /// <summary>The folder of a training, with what is needed to go on with it.</summary>
    /// <exception cref="UserException">It cannot be made or filled.</exception>
    public static RunFolder Begin(string? requested, string name, RunManifest manifest)
    {
        var path = Place(requested, name);
        var run = new RunFolder(path, path, FirstMissing(System.IO.Path.GetDirectoryName(path)));
        try
        {
            AtomicFile.CreateFolder(path);
            manifest.Save(path);
            return run;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            run.Dispose();
            throw CannotCreate(path, e);
        }
    }

    /// <summary>The folder of a training that goes on.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static RunFolder Resume(string path, RunManifest manifest)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(path);
        var run = new RunFolder(path, path, null, isResumed: true);
        run.Keep(manifest);
        AtomicFile.DeleteLeftovers(path);
        return run;
    }

    /// <summary>Writes down how the run goes on.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Keep(RunManifest manifest)
    {
        try
        {
            manifest.Save(Path);
        }
        catch (IOException e)
        {
            throw new UserException($"Cannot write to the run '{Path}': {FailureReason.Of(e, System.IO.Path.Combine(Path, RunManifest.Name))}. Nothing was changed.", e);
        }
    }

    public static RunFolder Create(string? requested, string name)
    {
        var path = Place(requested, name);
        var run = new RunFolder(path, $"{path}.partial-{Environment.ProcessId}", FirstMissing(System.IO.Path.GetDirectoryName(path)));
        try
        {
            Directory.CreateDirectory(run._temporary);
            // Some file systems let a folder be made but not be filled.
            File.WriteAllBytes(run.In(".probe"), [0]);
            File.Delete(run.In(".probe"));
            return run;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            run.Dispose();
            throw CannotCreate(path, e);
        }
    }

    private static string Place(string? requested, string name)
    {
        var path = System.IO.Path.TrimEndingDirectorySeparator(requested ?? Unused(System.IO.Path.Combine("runs", FileSafe(name))));
        if (path.Length > 0 && RunManifest.IsUnfinished(path))
            throw new UserException($"The folder '{requested}' holds a run that is not finished. Go on with it by '{RunManifest.ResumeLine(path)}', or choose another with --out.");
        return path.Length > 0 && !File.Exists(path) && !(Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            ? path
            : throw new UserException($"The folder '{requested}' cannot hold the run: {(path.Length == 0 ? "it has no name" : File.Exists(path) ? "it is a file" : "it is not empty")}. Choose another with --out.");
    }

    private static UserException CannotCreate(string path, Exception e) => new($"Cannot create the folder '{path}': {FailureReason.Of(e, path)}. Choose another with --out.", e);

    public void Write(Problem problem, Recipe recipe, TrainOptions options, TrainingLog log, Evaluation result) => Guarded(() =>
    {
        new ModelFile(recipe.Network, problem.Preparation.ToMetadata()).Save(In(ModelName));
        Save([("metrics.csv", log.ToCsv()), (SummaryName, RunSummary.ToJson(problem, recipe, options, log, result, Path) + "\n")], log.Charts(problem).Concat(result.Charts(problem)));
        if (log.ToRecord() is { } record)
            Save([(RecordName, record + "\n")], []);
        ExampleInput = ExampleFile.Write(problem.Example, _temporary, Path);
        // The last, since it lists the others.
        RunReport.Create(PlotSource.Of(_temporary, new(In(ModelName), recipe.Network, problem.Preparation), problem.Test, result)).Save(In(RunReport.Name));
    });

    /// <summary>What is left of a training that failed: the last finite weights, how it was trained, and what the doctor saw.</summary>
    public void WriteFailure(Problem problem, Recipe recipe, TrainOptions options, RunRecord record) => Guarded(() =>
    {
        new ModelFile(recipe.Network, problem.Preparation.ToMetadata()).Save(In(ModelName));
        Save([(SummaryName, RunSummary.ToJson(problem, recipe, options, record, Path) + "\n"), (RecordName, record.ToJson() + "\n")], []);
        RunReport.Create(PlotSource.Of(_temporary, new(In(ModelName), recipe.Network, problem.Preparation), problem.Test, null)).Save(In(RunReport.Name));
    });

    /// <summary>Writes files of text, and charts as PNG and SVG.</summary>
    public void Write(IEnumerable<(string File, string Text)> texts, IEnumerable<(string File, Chart Chart)> charts) => Guarded(() => Save(texts, charts));

    /// <summary>Gives the finished folder its name, or removes from that of a training what is needed to go on, unless that is to be kept.</summary>
    public void Complete(bool keepsCheckpoints = false)
    {
        _isComplete = true;
        if (_temporary == Path)
        {
            if (keepsCheckpoints)
                return;
            // First, since without it nobody takes what is left for a run to go on with.
            File.Delete(In(RunManifest.Name));
            if (Directory.Exists(CheckpointFolder))
                Directory.Delete(CheckpointFolder, recursive: true);
            return;
        }
        if (Directory.Exists(Path))
            Directory.Delete(Path);
        Directory.Move(_temporary, Path);
    }

    public void Dispose()
    {
        if (_isComplete || CanGoOn)
            return;
        try
        {
            RemoveFiles();
            for (var parent = System.IO.Path.GetDirectoryName(_temporary); _firstNewParent is not null && Directory.Exists(parent); parent = System.IO.Path.GetDirectoryName(parent))
            {
                Directory.Delete(parent);
                if (parent == _firstNewParent)
                    break;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What failed before is what the user needs to read; a parent that has got other content stays.
        }
    }

    /// <summary>A folder that was there before stays, empty as it was.</summary>
    private void RemoveFiles()
    {
        if (!Directory.Exists(_temporary))
            return;
        if (!_wasThere)
        {
            Directory.Delete(_temporary, recursive: true);
            return;
        }
        foreach (var file in Directory.EnumerateFiles(_temporary))
            File.Delete(file);
        foreach (var folder in Directory.EnumerateDirectories(_temporary))
            Directory.Delete(folder, recursive: true);
    }

    public static string FileSafe(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));

    /// <summary>The first folder on the way to this one that does not exist yet; null if all do.</summary>
    private static string? FirstMissing(string? folder)
    {
        string? missing = null;
        for (; !string.IsNullOrEmpty(folder) && !Directory.Exists(folder); folder = System.IO.Path.GetDirectoryName(folder))
            missing = folder;
        return missing;
    }

    private string In(string file) => System.IO.Path.Combine(_temporary, file);

    private void Save(IEnumerable<(string File, string Text)> texts, IEnumerable<(string File, Chart Chart)> charts)
    {
        foreach (var (file, text) in texts)
            AtomicFile.Write(In(file), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        foreach (var (file, chart) in charts)
        {
            chart.SavePng(In(file + ".png"));
            chart.SaveSvg(In(file + ".svg"));
            Pictures.Add($"{file}.png/.svg");
        }
    }

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (FailureReason.IsKnown(e))
        {
            throw new UserException($"Cannot save the run in '{Path}': {FailureReason.Of(e, Path)}. {(CanGoOn ? $"Training is kept as it was at its last checkpoint; make room and go on with: {RunManifest.ResumeLine(Path)}" : "Nothing was saved; make room or choose another folder with --out.")}", e);
        }
    }

    public static string Unused(string stem)
    {
        var time = TimeProvider.System.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = $"{stem}-{time}";
        for (var i = 2; System.IO.Path.Exists(path); i++)
            path = string.Create(CultureInfo.InvariantCulture, $"{stem}-{time}-{i}");
        return path;
    }
}
