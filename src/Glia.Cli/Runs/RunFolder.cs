using System.Globalization;
using System.Text;
using Glia.Cli.Commands;
using Glia.Cli.Problems;
using Glia.Interchange;
using Glia.Training.Diagnostics;
using Glia.Plots;

namespace Glia.Cli.Runs;

/// <summary>
/// The folder of a run: model, metrics, plots. It is filled under a temporary name beside its place and renamed when complete, so that nobody ever finds
/// half a run; whether it can be written is found out before training.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    public const string ModelName = "model.safetensors";
    public const string RecordName = "doctor.json";
    public const string SummaryName = "summary.json";

    private readonly string _temporary;
    private readonly string? _firstNewParent;
    private bool _isComplete;

    private RunFolder(string path, string temporary, string? firstNewParent)
    {
        Path = path;
        _temporary = temporary;
        _firstNewParent = firstNewParent;
    }

    /// <summary>Where the run will be.</summary>
    public string Path { get; }

    public string ModelPath => System.IO.Path.Combine(Path, ModelName);

    /// <summary>The files with plots.</summary>
    public List<string> Pictures { get; } = [];

    /// <summary>A file that the model can be tried on, as part of a command line.</summary>
    public string ExampleInput { get; private set; } = "";

    public static RunFolder Create(string? requested, string name)
    {
        var path = System.IO.Path.TrimEndingDirectorySeparator(requested ?? Unused(System.IO.Path.Combine("runs", FileSafe(name))));
        if (path.Length == 0 || File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new UserException($"The folder '{requested}' cannot hold the run: {(path.Length == 0 ? "it has no name" : File.Exists(path) ? "it is a file" : "it is not empty")}. Choose another with --out.");
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
            throw new UserException($"Cannot create the folder '{path}': {FailureReason.Of(e, path)}. Choose another with --out.", e);
        }
    }

    public void Write(Problem problem, Recipe recipe, TrainOptions options, TrainingLog log, Evaluation result) => Guarded(() =>
    {
        new ModelFile(recipe.Network, problem.Preparation.ToMetadata()).Save(In(ModelName));
        Save([("metrics.csv", log.ToCsv()), (SummaryName, RunSummary.ToJson(problem, recipe, options, log, result, Path) + "\n")], log.Charts(problem).Concat(result.Charts(problem)));
        if (log.ToRecord() is { } record)
            Save([(RecordName, record + "\n")], []);
        ExampleInput = ExampleFile.Write(problem.Example, _temporary, Path);
    });

    /// <summary>What is left of a training that failed: the last finite weights, how it was trained, and what the doctor saw.</summary>
    public void WriteFailure(Problem problem, Recipe recipe, TrainOptions options, RunRecord record) => Guarded(() =>
    {
        new ModelFile(recipe.Network, problem.Preparation.ToMetadata()).Save(In(ModelName));
        Save([(SummaryName, RunSummary.ToJson(problem, recipe, options, record, Path) + "\n"), (RecordName, record.ToJson() + "\n")], []);
    });

    /// <summary>Writes files of text, and charts as PNG and SVG.</summary>
    public void Write(IEnumerable<(string File, string Text)> texts, IEnumerable<(string File, Chart Chart)> charts) => Guarded(() => Save(texts, charts));

    /// <summary>Gives the finished folder its name.</summary>
    public void Complete()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path);
        Directory.Move(_temporary, Path);
        _isComplete = true;
    }

    public void Dispose()
    {
        if (_isComplete)
            return;
        try
        {
            if (Directory.Exists(_temporary))
                Directory.Delete(_temporary, recursive: true);
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
            throw new UserException($"Cannot save the run in '{Path}': {FailureReason.Of(e, Path)}. Nothing was saved; make room or choose another folder with --out.", e);
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
